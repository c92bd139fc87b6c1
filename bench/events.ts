import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '@stellr/kit'
import { prepareDatabases } from '../scripts/platform/databases.ts'
import { startDistributed } from '../scripts/platform/start-distributed.ts'
import { openClassroom, type Classroom } from './events/classroom.ts'
import { gather, type Crowd } from './events/crowd.ts'
import { openGround } from './events/ground.ts'
import { measureThroughput } from './events/throughput.ts'
import { killAll, launch, residentMiB } from './processes.ts'

// pnpm bench:events [events] [changes] [sockets]: from the outbox to an effect, and from a commit to the sockets that listen.
const [events = 20_000, changes = 200, sockets = 1_000] = process.argv.slice(2).map(Number)
const CROWD_CHANGES = 50
const CROWD_PAUSE_MS = 500

const PROGRESS = 'subscription ($id: ID!) { progressUpdated(enrollmentId: $id) { cursor at courseProgress { percent } } }'
const ACTIVITY = 'subscription ($id: ID!) { courseActivity(courseId: $id) { cursor at kind enrollment { id } } }'

interface Running {
  url: string
  routerPid: number
  stop(): Promise<void>
}

const ground = await openGround()
try {
  for (const log of ground.logs) {
    for (const topology of ['one process', 'distributed'] as const) {
      const name = `${log}_${topology.split(' ', 1)[0]}`.toLowerCase()
      const env = ground.env(name, log)
      await prepareDatabases(env)
      const platform = topology === 'one process' ? await inOneProcess(env) : await inManyProcesses(env)
      const title = `${log} log, ${topology}`
      try {
        await measure(title, platform, env)
      } finally {
        await platform.stop()
      }
    }
  }
} finally {
  killAll()
  await ground.stop()
}

async function measure(title: string, { url, routerPid }: Running, env: NodeJS.ProcessEnv): Promise<void> {
  const room = await openClassroom(url, changes + CROWD_CHANGES + 10)
  const perSecond = await measureThroughput(env, events)
  console.log(`${title}: ${perSecond.toFixed(0)} events a second from the outbox to their effect (${events})`)

  const direct = await gather(url, 1, room.learnerToken, PROGRESS, { id: room.enrollmentId })
  const through = await gather(url, 1, room.teacherToken, ACTIVITY, { id: room.course.id })
  await untilAllHear([direct, through], room)
  for (let change = 0; change < changes; change += 1) await room.complete()
  await arrived([direct, through], changes)
  console.log(`${title}: from a change to its learner's socket ${times(direct)}; through the log to the instructor's ${times(through)}`)
  await Promise.all([direct.close(), through.close()])

  const before = residentMiB([routerPid])
  const crowd = await gather(url, sockets, room.teacherToken, ACTIVITY, { id: room.course.id })
  await untilAllHear([crowd], room)
  const listening = residentMiB([routerPid])
  for (let change = 0; change < CROWD_CHANGES; change += 1) {
    await room.complete()
    await wait(CROWD_PAUSE_MS)
  }
  const delivered = await arrived([crowd], CROWD_CHANGES)
  const perSocket = ((listening - before) * 1024) / sockets
  const all = CROWD_CHANGES * sockets
  console.log(
    `${title}: ${sockets} sockets: ${delivered} of ${all} delivered, ${times(crowd)}; ${perSocket.toFixed(0)} KB a socket in the router's process`,
  )
  await crowd.close()
}

/** Waits until every socket of every crowd has heard something: only then do their subscriptions surely stand. */
async function untilAllHear(crowds: readonly Crowd[], room: Classroom): Promise<void> {
  await room.complete()
  for (let tries = 0; !crowds.every(({ heard }) => heard.every((arrivals) => arrivals.length > 0)); tries += 1) {
    if (tries === 5) throw new Error('some sockets hear nothing')
    await wait(2_000)
    if (tries > 0) await room.complete()
  }
  // What was told meanwhile has arrived, too.
  await wait(1_000)
  for (const crowd of crowds) crowd.clear()
}

/** Waits until every socket has heard `count`, or until nothing comes any more. Returns how many different events all have heard. */
async function arrived(crowds: readonly Crowd[], count: number): Promise<number> {
  const total = () =>
    crowds.flatMap(({ heard }) => heard).reduce((sum, arrivals) => sum + new Set(arrivals.map(({ cursor }) => cursor)).size, 0)
  const expected = crowds.flatMap(({ heard }) => heard).length * count
  for (let last = -1, now = total(); now < expected && now > last; last = now, now = total()) await wait(3_000)
  return total()
}

function times({ heard }: Crowd): string {
  const sorted = heard.flatMap((arrivals) => arrivals.map(({ latencyMs }) => latencyMs)).toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`
}

async function inOneProcess(env: NodeJS.ProcessEnv): Promise<Running> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const routerPid = await launch('one-process.ts', [`${port}`], url, env)
  return { url, routerPid, stop: async () => killAll() }
}

async function inManyProcesses(env: NodeJS.ProcessEnv): Promise<Running> {
  const { url, processes, stop } = await startDistributed({ env, port: 0 })
  return { url, routerPid: processes['router']?.pid() ?? 0, stop }
}

import { query, testKafkaBrokers } from '@stellr/kit/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createChance } from '../../demo/chance.ts'
import { domains } from '../../schema/index.ts'
import { publishCourse, type WrittenCourse } from '../testkit/courses.ts'
import { logKinds, type LogKind } from '../testkit/faults/broker.ts'
import { follow } from '../testkit/faults/follower.ts'
import { judgeReply, persist, rename, startLoad } from '../testkit/faults/load.ts'
import { logged } from '../testkit/published.ts'
import { openSchool, type Person, type School } from '../testkit/school.ts'
import { rounds, soak } from '../testkit/soak.ts'
import { anUpdate, publishVideos, shown, STORED, sync } from './r15-devices.ts'
import { oracle } from './r15-oracle.ts'
import { openEmitter, PROGRESS, told, type ProgressUpdate } from './r21-emitting.ts'

// What must hold where every part is two processes, and processes die.
const ENROLL = 'mutation ($input: EnrollInput!) { enroll(input: $input) { enrollment { id enrolledAt } alreadyEnrolled } }'
const SEED = 20_261_204
const AT_ONCE = 100
const UPDATES = 50

interface Size {
  /** Of R01, and on how many of them something is killed. */
  rounds: number
  deadly: number
  learners: number
  sockets: number
  emitted: number
  kills: number
  drainSeconds: number
}

const whole: Size = {
  rounds: rounds(50, 25),
  deadly: rounds(25, 25),
  learners: rounds(200, 40),
  sockets: rounds(200, 4),
  emitted: rounds(1_000),
  kills: rounds(20),
  drainSeconds: soak ? 5 : 3,
}
/** What the log has a part in does not depend on how often: on Kafka once is enough for the short form. */
const once: Size = { rounds: 1, deadly: 1, learners: 2, sockets: 20, emitted: 40, kills: 1, drainSeconds: 1 }
const sizes: Record<LogKind, Size> = { Postgres: whole, Kafka: soak ? whole : once }

// Every process costs seconds: the long form has two of each part, and restarts each.
const doubled = soak ? [...domains, 'router'] : ['users', 'enrollments', 'progress', 'router']
const restarted = soak ? doubled : ['users', 'router']

describe.each(logKinds)('two replicas, %s log', (log) => {
  const size = sizes[log]
  let school: School
  beforeAll(async () => {
    const replicas = Object.fromEntries(doubled.map((part) => [part, 2]))
    const env: Record<string, string> = { DRAIN_SECONDS: `${size.drainSeconds}`, AUTH_ACCESS_TOKEN_SECONDS: '3600' }
    // What a dead member has in hand waits for the end of its session, and so do the rounds that follow.
    if (log === 'Kafka') Object.assign(env, { KAFKA_BROKERS: await testKafkaBrokers(), KAFKA_SESSION_TIMEOUT_MS: '1500' })
    school = await openSchool('distributed', env, { replicas })
  }, 120_000)
  afterAll(() => school.close())

  /** Kills a process, which is started again, and resolves when it serves. */
  async function kill(name: string): Promise<void> {
    const victim = school.processes[name]
    const pid = victim?.pid()
    if (!victim || pid === undefined) throw new Error(`${name} does not run`)
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => victim.pid() ?? pid, { timeout: 20_000 }).not.toBe(pid)
    await expect.poll(() => status(`${victim.url}/readyz`), { timeout: 20_000 }).toBe(200)
  }

  test('R01 a hundred requests at once, over two replicas that are killed, make one enrollment', { timeout: 600_000 }, async () => {
    const chance = createChance(SEED)
    const teacher = await school.register({ role: 'INSTRUCTOR' })
    const counts = { ok: 0, fail: 0, unknown: 0, kills: 0 }
    for (let round = 0; round < size.rounds; round++) {
      const course = await publishCourse(teacher.client, { lessons: 1 })
      await school.settle()
      const ada = await school.register()
      const enroll = () => ada.client.query(ENROLL, { input: { courseId: course.id } })
      const asking = Array.from({ length: AT_ONCE }, enroll)
      const deadly = round >= size.rounds - size.deadly
      // As soon as somebody has been answered: the others are on their way, or done and not answered.
      const killing = deadly && Promise.any(asking).then(() => kill(chance.pick(['enrollments', 'enrollments-2'])))
      const outcomes = await Promise.allSettled(asking)
      const judged = outcomes.map((settled) => judgeReply(settled))
      const answers = outcomes.flatMap((settled) =>
        judgeReply(settled) === 'ok' && settled.status === 'fulfilled' ? [settled.value.data.enroll] : [],
      )
      for (const outcome of judged) counts[outcome] += 1
      if (deadly) counts.kills += 1
      const unwell = outcomes.filter((settled) => judgeReply(settled) === 'fail' || (judgeReply(settled) === 'unknown' && !deadly))
      expect(unwell.slice(0, 3)).toEqual([])
      await killing
      const after = (await persist(enroll)).enroll
      expect(after.alreadyEnrolled).toBe(true)
      expect(new Set(answers.map(({ enrollment }) => enrollment.id))).toEqual(new Set([after.enrollment.id]))
      expect(answers.filter(({ alreadyEnrolled }) => !alreadyEnrolled).length).toBeLessThanOrEqual(1)
      await school.settle()
      expect(await kept(ada, course.id)).toEqual({ rows: [{ id: after.enrollment.id }], events: ['enrollment.created'] })
    }
    console.log(`R01 (two replicas, ${log} log, seed ${SEED}): ${size.rounds} rounds of ${AT_ONCE}, ${JSON.stringify(counts)}`)
  })

  test('R15 what two devices were told is kept is kept, over two replicas that are killed', { timeout: 1_200_000 }, async () => {
    const course = await publishVideos(school)
    await school.settle()
    let learning = true
    let kills = 0
    const chance = createChance(SEED)
    const killing = (async () => {
      while (learning) {
        await kill(chance.pick(['progress', 'progress-2']))
        kills += 1
      }
    })()
    try {
      for (let number = 0; number < size.learners; number += 5) {
        const those = Math.min(5, size.learners - number)
        await Promise.all(Array.from({ length: those }, (_, index) => learn(course, number + index)))
      }
    } finally {
      learning = false
      await killing
    }
    console.log(
      `R15 (two replicas, ${log} log, seed ${SEED}): ${size.learners} learners, ${size.learners * UPDATES} updates from two devices, ${kills} kills`,
    )
  })

  async function learn(course: WrittenCourse, number: number): Promise<void> {
    const chance = createChance(SEED + number)
    const ada = await school.register()
    const { enrollment } = (await persist(() => ada.client.query(ENROLL, { input: { courseId: course.id } }))).enroll
    // What a member of the group had in hand when it was killed waits, on Kafka, until its session ends.
    const known = async () => (await ada.client.query(STORED, { id: enrollment.id })).data?.courseProgress ?? null
    await expect.poll(known, { timeout: 60_000 }).not.toBeNull()
    const updates = Array.from({ length: UPDATES }, () => anUpdate(chance, course, new Date(enrollment.enrolledAt)))
    const devices = [updates.filter((_, index) => index % 4 !== 0), updates.filter((_, index) => index % 4 < 2)]
    const accepted = await Promise.all(devices.map((its) => sync(ada, enrollment.id, chance.shuffle(its), chance, persist)))
    expect(new Set(accepted.flat()).size).toBe(UPDATES)
    const { courseProgress } = await persist(() => ada.client.query(STORED, { id: enrollment.id }))
    expect({ learner: number, ...shown(courseProgress) }).toEqual({ learner: number, ...oracle(course.lessonIds, updates) })
  }

  test('R20 rolling restart: every process is restarted under load, and no request fails', { timeout: 600_000 }, async () => {
    const people = await Promise.all(Array.from({ length: 10 }, () => school.register()))
    await school.settle()
    const writes = startLoad(people.slice(0, 5), 20, rename)
    const reads = startLoad(people.slice(5), 20, ({ client }) => client.query(DASHBOARD))
    const replicas = size === once ? [restarted.map((part) => `${part}-2`)] : [restarted.map((part) => `${part}-2`), restarted]
    const waves = replicas.flatMap((wave) => (soak ? wave.map((name) => [name]) : [wave]))
    const before = pids(waves.flat())
    const sockets = Array.from({ length: size.sockets }, (_, index) =>
      follow({ url: school.url, accessToken: people[index % people.length]?.accessToken ?? '', subscription: ENROLLMENTS }),
    )
    const connected = () => sockets.filter((socket) => socket.connected).length
    await expect.poll(connected).toBe(size.sockets)
    for (const wave of waves) await Promise.all(wave.map(restart))
    await expect.poll(connected).toBe(size.sockets)
    await Promise.all([writes.stop(), reads.stop(), ...sockets.map((socket) => socket.stop())])
    const breaks = sockets.flatMap(({ breaksMs }) => breaksMs)
    const longestMs = Math.max(...breaks)
    expect(breaks.length).toBeGreaterThanOrEqual(size === once ? 1 : size.sockets)
    expect(longestMs).toBeLessThan(5_000)
    expect([...writes.failures, ...reads.failures]).toEqual([])
    expect(pids(waves.flat()).filter((pid) => before.includes(pid))).toEqual([])
    const back = `${size.sockets} sockets lost ${breaks.length} times, each back within ${(longestMs / 1000).toFixed(1)} s`
    console.log(
      `R20 (${log} log): ${before.length} processes restarted; ${String(writes.ledger)} of writes, ${String(reads.ledger)} of reads; ${back}`,
    )
  })

  test.skipIf(size === once)('R20 the control: with both replicas gone at once requests do fail', { timeout: 90_000 }, async () => {
    const ada = await school.register()
    await school.settle()
    const load = startLoad([ada], 20, rename)
    await expect.poll(() => load.streak).toBeGreaterThan(5)
    await Promise.all([kill('users'), kill('users-2')])
    await expect.poll(() => load.streak, { timeout: 20_000 }).toBeGreaterThan(5)
    await load.stop()
    expect(load.failures).not.toEqual([])
  })

  test('R21 what a client was told, over all its connections, is what happened, in order', { timeout: 1_200_000 }, async () => {
    const emitter = await openEmitter(school)
    const { ada, enrollmentId, emitted } = emitter
    const begin = (options: { resumes?: boolean; restMs?: number; after?: string } = {}) =>
      follow<ProgressUpdate>({
        url: school.url,
        accessToken: ada.accessToken,
        subscription: PROGRESS,
        variables: { id: enrollmentId },
        ...options,
      })
    const clients = Array.from({ length: 5 }, () => begin())
    const forgetful = begin({ resumes: false, restMs: 500 })
    const everybody = [...clients, forgetful]
    await expect.poll(() => everybody.filter(({ events }) => events.length > 0).length).toBe(everybody.length)
    const [slow] = clients
    slow?.pause()
    let emitting = true
    let kills = 0
    const killing = (async () => {
      for (const victims = ['router', 'progress', 'router-2', 'progress-2']; emitting; kills++) {
        await kill(victims[kills % victims.length] ?? '')
        if (kills % 4 === 1) slow?.resume()
      }
    })()
    while (emitted.length < size.emitted || kills < size.kills) {
      await emitter.emit()
      await new Promise((resolve) => setTimeout(resolve, 40))
    }
    emitting = false
    await killing
    slow?.resume()
    for (const client of clients) await expect.poll(() => told(client.events).length, { timeout: 30_000 }).toBe(emitted.length)
    for (const client of clients) expect(told(client.events)).toEqual(emitted)
    // The control: whoever comes back without a cursor misses what happened meanwhile, if one of its own was killed.
    if (size !== once) expect(told(forgetful.events).length).toBeLessThan(emitted.length)

    const [first] = slow?.events ?? []
    const url = school.env['PROGRESS_DATABASE_URL'] ?? ''
    await query(url, 'DELETE FROM stellr.feed WHERE seq IN (SELECT seq FROM stellr.feed WHERE stream LIKE $1 ORDER BY seq LIMIT 10)', [
      `%${enrollmentId}`,
    ])
    const late = begin({ after: first?.cursor ?? '' })
    await expect.poll(() => late.refused).toBe('RESYNC_REQUIRED')
    const breaks = clients.reduce((sum, { breaksMs }) => sum + breaksMs.length, 0)
    await Promise.all([...everybody, late].map((client) => client.stop()))
    console.log(
      `R21 (${log} log): ${emitted.length} updates, ${kills} kills, ${clients.length} clients cut off ${breaks} times; ${clients.reduce((sum, { repeats }) => sum + repeats, 0)} repeats; without a cursor ${emitted.length - told(forgetful.events).length} were missed`,
    )
  })

  const pids = (names: readonly string[]) => names.map((name) => school.processes[name]?.pid())

  async function restart(name: string): Promise<void> {
    await school.processes[name]?.stop()
    await school.processes[name]?.start()
  }

  /** What the database and the event log hold of this person in this course. */
  async function kept({ id }: Person, courseId: string) {
    const rows = await query(
      school.env['ENROLLMENTS_DATABASE_URL'] ?? '',
      'SELECT id FROM enrollment WHERE user_id = $1 AND course_id = $2',
      [id, courseId],
    )
    const events = await logged(school, 'enrollments', { userId: id, courseId })
    return { rows, events: events.map(({ type }) => type) }
  }
})

const ENROLLMENTS = 'subscription ($after: String) { enrollmentUpdated(after: $after) { cursor } }'

// A page that every domain has a part in.
const DASHBOARD = `{
  me { id name email enrollments(first: 3) { edges { node { id course { title } progress { percent } } } } }
  dashboard { activeCourses streakDays }
}`

async function status(url: string): Promise<number | null> {
  const response = await fetch(url).catch(() => null)
  await response?.body?.cancel()
  return response?.status ?? null
}

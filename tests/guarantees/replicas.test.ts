import { query } from '@stellr/kit/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createChance } from '../../demo/chance.ts'
import { domains } from '../../schema/index.ts'
import { must, publishCourse, type WrittenCourse } from '../testkit/courses.ts'
import { judgeReply, persist, rename, startLoad } from '../testkit/faults/load.ts'
import { openSchool, type Person, type School } from '../testkit/school.ts'
import { rounds } from '../testkit/soak.ts'
import { anUpdate, publishVideos, shown, STORED, sync } from './r15-devices.ts'
import { oracle } from './r15-oracle.ts'

// What must hold where every part is two processes, and processes die.
const ENROLL = 'mutation ($input: EnrollInput!) { enroll(input: $input) { enrollment { id enrolledAt } alreadyEnrolled } }'
const SEED = 20_261_204
const AT_ONCE = 100
const ROUNDS = rounds(50)
const LEARNERS = rounds(200)
const UPDATES = 50
const EACH_IN_TURN = ROUNDS === 50
const twoOfEach = Object.fromEntries([...domains, 'router'].map((part) => [part, 2]))

describe('two of each', () => {
  let school: School
  beforeAll(async () => {
    school = await openSchool('distributed', { DRAIN_SECONDS: '5' }, { replicas: twoOfEach })
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
    for (let round = 0; round < ROUNDS; round++) {
      const course = await publishCourse(teacher.client, { lessons: 1 })
      await school.settle()
      const ada = await school.register()
      const enroll = () => ada.client.query(ENROLL, { input: { courseId: course.id } })
      const asking = Array.from({ length: AT_ONCE }, enroll)
      const deadly = round % 2 === 1
      // As soon as somebody has been answered: the others are on their way, or done and not answered.
      const killing = deadly && Promise.any(asking).then(() => kill(chance.pick(['enrollments', 'enrollments-2'])))
      const outcomes = await Promise.allSettled(asking)
      const judged = outcomes.map((settled) => judgeReply(settled))
      const answers = outcomes.flatMap((settled) => (judgeReply(settled) === 'ok' && settled.status === 'fulfilled' ? [settled.value.data.enroll] : []))
      for (const outcome of judged) counts[outcome] += 1
      if (deadly) counts.kills += 1
      expect(judged.filter((outcome) => outcome === 'fail' || (outcome === 'unknown' && !deadly))).toEqual([])
      await killing
      const after = (await must(enroll())).enroll
      expect(after.alreadyEnrolled).toBe(true)
      expect(new Set(answers.map(({ enrollment }) => enrollment.id))).toEqual(new Set([after.enrollment.id]))
      expect(answers.filter(({ alreadyEnrolled }) => !alreadyEnrolled).length).toBeLessThanOrEqual(1)
      await school.settle()
      expect(await kept(ada, course.id)).toEqual({ rows: [{ id: after.enrollment.id }], events: ['enrollment.created'] })
    }
    console.log(`R01 (two replicas, seed ${SEED}): ${ROUNDS} rounds of ${AT_ONCE}, ${JSON.stringify(counts)}`)
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
    for (let number = 0; number < LEARNERS; number += 5)
      await Promise.all(Array.from({ length: 5 }, (_, index) => learn(course, number + index)))
    learning = false
    await killing
    console.log(`R15 (two replicas, seed ${SEED}): ${LEARNERS} learners, ${LEARNERS * UPDATES} updates from two devices, ${kills} kills`)
  })

  async function learn(course: WrittenCourse, number: number): Promise<void> {
    const chance = createChance(SEED + number)
    const ada = await school.register()
    const { enrollment } = (await persist(() => ada.client.query(ENROLL, { input: { courseId: course.id } }))).enroll
    const updates = Array.from({ length: UPDATES }, () => anUpdate(chance, course, new Date(enrollment.enrolledAt)))
    const devices = [updates.filter((_, index) => index % 4 !== 0), updates.filter((_, index) => index % 4 < 2)]
    const accepted = await Promise.all(devices.map((known) => sync(ada, enrollment.id, chance.shuffle(known), chance, persist)))
    expect(new Set(accepted.flat()).size).toBe(UPDATES)
    const { courseProgress } = await persist(() => ada.client.query(STORED, { id: enrollment.id }))
    expect({ learner: number, ...shown(courseProgress) }).toEqual({ learner: number, ...oracle(course.lessonIds, updates) })
  }

  test('R20 rolling restart: every process is restarted under load, and no request fails', { timeout: 600_000 }, async () => {
    const people = await Promise.all(Array.from({ length: 10 }, () => school.register()))
    await school.settle()
    const writes = startLoad(people.slice(0, 5), 20, rename)
    const reads = startLoad(people.slice(5), 20, ({ client }) => client.query(DASHBOARD))
    const first = Object.keys(twoOfEach)
    const waves = [first.map((part) => `${part}-2`), first].flatMap((wave) => (EACH_IN_TURN ? wave.map((name) => [name]) : [wave]))
    const before = pids()
    for (const wave of waves) await Promise.all(wave.map(restart))
    await Promise.all([writes.stop(), reads.stop()])
    expect([...writes.failures, ...reads.failures]).toEqual([])
    expect(pids().filter((pid) => before.includes(pid))).toEqual([])
    console.log(`R20: ${before.length} processes restarted; ${writes.ledger} of writes, ${reads.ledger} of reads`)
  })

  const pids = () => Object.values(school.processes).map((each) => each.pid())

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
    const events = await query<{ type: string }>(
      school.env['EVENTS_DATABASE_URL'] ?? '',
      `SELECT event ->> 'type' AS type FROM event_log.record
       WHERE topic = 'enrollments' AND event -> 'data' ->> 'userId' = $1 AND event -> 'data' ->> 'courseId' = $2`,
      [id, courseId],
    )
    return { rows, events: events.map(({ type }) => type) }
  }
})

// A page that every domain has a part in.
const DASHBOARD = '{ me { id name } }'

async function status(url: string): Promise<number | null> {
  const response = await fetch(url).catch(() => null)
  await response?.body?.cancel()
  return response?.status ?? null
}

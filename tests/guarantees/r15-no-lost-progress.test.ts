import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createChance, type Chance } from '../../demo/chance.ts'
import { ADD_LESSON, must, publishCourse, PUBLISH, type WrittenCourse } from '../testkit/courses.ts'
import { openSchool, topologies, type Person, type School } from '../testkit/school.ts'
import { rounds } from '../testkit/soak.ts'
import { oracle, type Update } from './r15-oracle.ts'

const ENROLL = 'mutation ($input: EnrollInput!) { enroll(input: $input) { enrollment { id enrolledAt } } }'
const RECORD = 'mutation ($input: RecordProgressInput!) { recordProgress(input: $input) { results { clientEventId status code } } }'
const STORED = `query ($id: ID!) { courseProgress(enrollmentId: $id) {
  percent completedLessons minutes completedAt lessons { lesson { id } state watchedSeconds position minutes }
} }`
const LEARNERS = rounds(200)
const UPDATES = 50
const SEED = 20_261_124

describe.each(topologies)('%s', (topology) => {
  let school: School
  let course: WrittenCourse
  beforeAll(async () => {
    school = await openSchool(topology)
    const teacher = await school.register({ role: 'INSTRUCTOR' })
    course = await publishCourse(teacher.client, { lessons: 1 })
    for (const number of [2, 3, 4]) {
      const lesson = { moduleId: course.moduleId, title: `Video ${number}`, kind: 'VIDEO', durationSeconds: 600 }
      course.lessonIds.push((await must(teacher.client.query(ADD_LESSON, { input: lesson }))).addLesson.lesson.id)
    }
    await must(teacher.client.query(PUBLISH, { input: { courseId: course.id } }))
    await school.settle()
  }, 60_000)
  afterAll(() => school.close())

  test('R15 what two devices were told is kept is kept, whatever came in which order and how often', { timeout: 600_000 }, async () => {
    let told = 0
    for (let number = 0; number < LEARNERS; number++) {
      const chance = createChance(SEED + number)
      const ada = await school.register()
      const { enrollment } = (await must(ada.client.query(ENROLL, { input: { courseId: course.id } }))).enroll
      const updates = Array.from({ length: UPDATES }, () => anUpdate(chance, course, new Date(enrollment.enrolledAt)))
      // Both devices know half of what happened, a quarter of it twice, and send it in pieces at the same time.
      const devices = [updates.filter((_, index) => index % 4 !== 0), updates.filter((_, index) => index % 4 < 2)]
      const accepted = await Promise.all(devices.map((known) => sync(ada, enrollment.id, chance.shuffle(known), chance)))
      told += updates.length
      expect(new Set(accepted.flat()).size).toBe(UPDATES)
      const { courseProgress } = await must(ada.client.query(STORED, { id: enrollment.id }))
      const expected = oracle(course.lessonIds, updates)
      expect({ learner: number, ...shown(courseProgress) }).toEqual({ learner: number, ...expected })
    }
    console.log(`R15 (${topology}, seed ${SEED}): ${LEARNERS} learners, ${told} updates from two devices, every one kept once`)
  })

  test('R15 the control: what was not acknowledged is not kept, and one update less is another state', async () => {
    const ada = await school.register()
    const { enrollment } = (await must(ada.client.query(ENROLL, { input: { courseId: course.id } }))).enroll
    const [, lessonId = ''] = course.lessonIds
    const watched = (start: number, end: number, occurredAt: Date): Update => ({
      clientEventId: crypto.randomUUID(),
      lessonId,
      kind: 'PROGRESSED',
      position: end,
      ranges: [{ start, end }],
      activeSeconds: end - start,
      occurredAt: occurredAt.toISOString(),
    })
    const now = Date.now()
    const [good, future] = [watched(0, 60, new Date(now)), watched(60, 120, new Date(now + 600_000))]
    const { recordProgress } = await must(ada.client.query(RECORD, { input: { enrollmentId: enrollment.id, events: [good, future] } }))
    expect(recordProgress.results.map(({ status }: { status: string }) => status)).toEqual(['ACCEPTED', 'REJECTED'])
    const stored = shown((await must(ada.client.query(STORED, { id: enrollment.id }))).courseProgress)
    expect(stored).toEqual(oracle(course.lessonIds, [good]))
    expect(stored).not.toEqual(oracle(course.lessonIds, [good, future]))
  })
})

function anUpdate(chance: Chance, { lessonIds }: WrittenCourse, enrolledAt: Date): Update {
  const [article, ...videos] = lessonIds
  const occurredAt = new Date(enrolledAt.getTime() - chance.between(0, 240) * 1000).toISOString()
  const clientEventId = crypto.randomUUID()
  if (article !== undefined && chance.next() < 0.05)
    return { clientEventId, lessonId: article, kind: 'COMPLETED', position: null, ranges: [], activeSeconds: 0, occurredAt }
  const start = chance.between(0, 599)
  const end = start + chance.between(1, 120)
  return {
    clientEventId,
    lessonId: chance.pick(videos),
    kind: 'PROGRESSED',
    position: end,
    ranges: [{ start, end }],
    activeSeconds: chance.between(0, 120),
    occurredAt,
  }
}

/** Sends in pieces of up to ten; returns what was acknowledged. */
async function sync({ client }: Person, enrollmentId: string, updates: readonly Update[], chance: Chance): Promise<string[]> {
  const acknowledged: string[] = []
  for (let sent = 0; sent < updates.length;) {
    const events = updates.slice(sent, sent + chance.between(1, 10))
    sent += events.length
    const { recordProgress } = await must(client.query(RECORD, { input: { enrollmentId, events } }))
    for (const { clientEventId, status } of recordProgress.results) if (status !== 'REJECTED') acknowledged.push(clientEventId)
  }
  return acknowledged
}

interface Shown {
  percent: number
  completedLessons: number
  minutes: number
  lessons: { lesson: { id: string }; state: string; watchedSeconds: number; position: number; minutes: number }[]
}

function shown({ percent, completedLessons, minutes, lessons }: Shown) {
  return { percent, completedLessons, minutes, lessons: lessons.map(({ lesson, ...rest }) => ({ id: lesson.id, ...rest })) }
}

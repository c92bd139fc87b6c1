import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createChance } from '../../demo/chance.ts'
import { must, type WrittenCourse } from '../testkit/courses.ts'
import type { School } from '../testkit/school.ts'
import { rounds } from '../testkit/soak.ts'
import { everyWay } from '../testkit/ways.ts'
import { anUpdate, publishVideos, RECORD, shown, STORED, sync } from './r15-devices.ts'
import { oracle, type Update } from './r15-oracle.ts'

const ENROLL = 'mutation ($input: EnrollInput!) { enroll(input: $input) { enrollment { id enrolledAt } } }'
const LEARNERS = rounds(200)
const UPDATES = 50
const SEED = 20_261_124

describe.each(everyWay)('$name', ({ name, open }) => {
  let school: School
  let course: WrittenCourse
  beforeAll(async () => {
    school = await open()
    course = await publishVideos(school)
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
    console.log(`R15 (${name}, seed ${SEED}): ${LEARNERS} learners, ${told} updates from two devices, every one kept once`)
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

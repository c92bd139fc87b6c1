import { expect, test } from 'vitest'
import { evaluate, type Before, type ProgressEvent } from './evaluate.ts'
import type { OutlineLessonRow } from './models.ts'
import { randomFrom } from './testing/school.ts'

const SEED = 7
const now = new Date('2026-03-01T12:00:00Z')

function lesson(number: number, prerequisites: number[]): OutlineLessonRow {
  const common = { courseId: 'course', version: 1, moduleId: 'module', kind: 'ARTICLE', required: true, durationSeconds: 0 } as const
  return { ...common, lessonId: `${number}`, position: number, prerequisiteIds: prerequisites.map(String) }
}

function complete(lessonId: string, id: string): ProgressEvent {
  return { id, lessonId, kind: 'COMPLETED', occurredAt: now.getTime(), position: null, ranges: [], activeSeconds: 0 }
}

function before(lessons: OutlineLessonRow[]): Before {
  const byId = new Map(lessons.map((one) => [one.lessonId, one]))
  return { now, enrolledAt: now, lessons: byId, states: new Map(), completed: new Set(), known: new Set() }
}

test(`what is accepted does not depend on the order, however lessons open each other (seed ${SEED})`, () => {
  const random = randomFrom(SEED)
  for (let round = 0; round < 200; round += 1) {
    const lessons = Array.from({ length: 12 }, (_, n) =>
      lesson(
        n,
        Array.from({ length: Math.min(n, random.below(3)) }, () => random.below(n)),
      ),
    )
    const events = lessons.filter(() => random.below(5) > 0).map(({ lessonId }, n) => complete(lessonId, `event ${n}`))
    const reported = new Set(events.map(({ lessonId }) => lessonId))
    const opens = ({ lessonId, prerequisiteIds }: OutlineLessonRow): boolean =>
      reported.has(lessonId) && prerequisiteIds.every((id) => opens(lessons[Number(id)] ?? lesson(0, [0])))

    const { verdicts } = evaluate(random.shuffle(events), before(lessons))
    for (const { id, lessonId } of events) {
      const expected = opens(lessons[Number(lessonId)] ?? lesson(0, [0])) ? 'ACCEPTED' : { code: 'LESSON_LOCKED' }
      expect(verdicts.get(id)).toEqual(typeof expected === 'string' ? expected : expect.objectContaining(expected))
    }
  }
})

test('lessons that wait for each other stay locked', () => {
  const { verdicts, accepted } = evaluate([complete('0', 'a'), complete('1', 'b')], before([lesson(0, [1]), lesson(1, [0])]))
  expect([...verdicts.values()]).toMatchObject([{ code: 'LESSON_LOCKED' }, { code: 'LESSON_LOCKED' }])
  expect(accepted).toEqual([])
})

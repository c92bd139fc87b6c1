import { manualClock, type Answer } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { merge, type LessonState } from '../merge.ts'
import { lessonOf, openSchool, randomFrom, reports, verdictsOf, type LessonShown, type Reported, type School } from '../testing/school.ts'

const SEED = 15
const clock = manualClock()
const report = reports(clock)
let school: School
beforeAll(async () => {
  school = await openSchool({ clock })
})
afterAll(() => school.stop())

test(`what two devices report at once, shuffled and repeated, comes to what they reported (seed ${SEED})`, async () => {
  const random = randomFrom(SEED)
  const lessons = Array.from({ length: 5 }, () => lessonOf({ kind: 'VIDEO', durationSeconds: 300 }))
  const course = await school.publishCourse(lessons)
  const others = await school.publishCourse([lessonOf()])
  const learners = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const enrolled = await school.enroll(course)
      return { enrolled, elsewhere: await school.enroll(others, {}, enrolled.learner) }
    }),
  )
  clock.advance(5_000)
  const anything = () => {
    const start = random.below(300)
    return report(lessons[random.below(5)]?.lessonId ?? '', random.below(15) === 0 ? 'COMPLETED' : 'PROGRESSED', -random.below(2_000), {
      position: start,
      ranges: [{ start, end: start + 1 + random.below(60) }],
      activeSeconds: random.below(121),
    })
  }
  await Promise.all(
    learners.map(async ({ enrolled, elsewhere }) => {
      const events = Array.from({ length: 50 }, anything)
      const also = Array.from({ length: 10 }, () => ({ ...anything(), lessonId: others.lessons[0]?.lessonId ?? '' }))
      const device = async (sent: Reported[]) => {
        const answers: Answer[] = []
        for (let from = 0; from < sent.length; from += 10) answers.push(await school.record(enrolled, sent.slice(from, from + 10)))
        return answers
      }
      const answers = await Promise.all([device(random.shuffle(events)), device(random.shuffle(events)), school.record(elsewhere, also)])
      const accepted = answers
        .flat()
        .flatMap(verdictsOf)
        .filter((verdict) => verdict === 'ACCEPTED')
      expect(accepted).toHaveLength(60)

      const expected = new Map<string, LessonState>()
      for (const { clientEventId: id, ...event } of events) {
        const lesson = { kind: 'VIDEO', durationSeconds: 300 } as const
        const ranges = event.ranges?.map(({ start, end }) => [start, end] as const) ?? []
        const facts = {
          position: event.position ?? null,
          activeSeconds: event.activeSeconds ?? 0,
          occurredAt: Date.parse(event.occurredAt),
        }
        expected.set(event.lessonId, merge(lesson, expected.get(event.lessonId), [{ id, kind: event.kind, ranges, ...facts }]))
      }
      const { courseProgress } = (await school.progressOf(enrolled)).data
      const stored = await school.sql<{ lesson: string; watched: string[]; active: string[] }>(
        'SELECT lesson_id AS lesson, watched, active FROM lesson_progress WHERE enrollment_id = $1',
        [enrolled.id],
      )
      for (const [lessonId, state] of expected) {
        const row = stored.find(({ lesson }) => lesson === lessonId)
        expect(row?.watched.map(Number)).toEqual(state.watched.flat())
        expect(row?.active.map(Number)).toEqual(state.active.flat())
        const shown = courseProgress.lessons.find(({ lesson }: LessonShown) => lesson.id === lessonId)
        expect(shown).toMatchObject({
          completedAt: state.completedAt === null ? null : new Date(state.completedAt).toISOString(),
          position: state.position?.seconds,
          lastAccessedAt: new Date(state.accessedAt).toISOString(),
        })
      }
      const complete = [...expected.values()].filter(({ completedAt }) => completedAt !== null).length
      expect(courseProgress).toMatchObject({ completedLessons: complete, percent: complete * 20 })
      expect(courseProgress.minutes).toBe(Math.floor(secondsOf(events) / 60))
      const { data } = await school.entities('Dashboard', [enrolled.learner.id], 'learningMinutes', enrolled.learner)
      expect(data._entities[0].learningMinutes).toBe(Math.floor(secondsOf([...events, ...also]) / 60))
    }),
  )
})

/** The length of the union, counted second by second. */
function secondsOf(events: Reported[]): number {
  const seconds = new Set<number>()
  for (const { occurredAt, activeSeconds } of events) {
    for (let ago = 1; ago <= (activeSeconds ?? 0); ago += 1) seconds.add(Date.parse(occurredAt) / 1000 - ago)
  }
  return seconds.size
}

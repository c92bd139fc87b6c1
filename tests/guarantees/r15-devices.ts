import type { Chance } from '../../demo/chance.ts'
import type { Reply } from '../testkit/client.ts'
import { ADD_LESSON, must, publishCourse, PUBLISH, type WrittenCourse } from '../testkit/courses.ts'
import type { Person, School } from '../testkit/school.ts'
import type { Update } from './r15-oracle.ts'

export const RECORD = 'mutation ($input: RecordProgressInput!) { recordProgress(input: $input) { results { clientEventId status code } } }'
export const STORED = `query ($id: ID!) { courseProgress(enrollmentId: $id) {
  percent completedLessons minutes completedAt lessons { lesson { id } state watchedSeconds position minutes }
} }`

/** A published course of an article and three videos of ten minutes. */
export async function publishVideos(school: School): Promise<WrittenCourse> {
  const teacher = await school.register({ role: 'INSTRUCTOR' })
  const course = await publishCourse(teacher.client, { lessons: 1 })
  for (const number of [2, 3, 4]) {
    const lesson = { moduleId: course.moduleId, title: `Video ${number}`, kind: 'VIDEO', durationSeconds: 600 }
    course.lessonIds.push((await must(teacher.client.query(ADD_LESSON, { input: lesson }))).addLesson.lesson.id)
  }
  await must(teacher.client.query(PUBLISH, { input: { courseId: course.id } }))
  return course
}

/** Something that one of two devices saw: mostly a stretch of a video, now and then the article completed. */
export function anUpdate(chance: Chance, { lessonIds }: WrittenCourse, enrolledAt: Date): Update {
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

/** Sends in pieces of up to ten, by way of `ask`; returns what was acknowledged. */
export async function sync(
  { client }: Person,
  enrollmentId: string,
  updates: readonly Update[],
  chance: Chance,
  ask: (send: () => Promise<Reply>) => Promise<Reply['data']> = (send) => must(send()),
): Promise<string[]> {
  const acknowledged: string[] = []
  for (let sent = 0; sent < updates.length;) {
    const events = updates.slice(sent, sent + chance.between(1, 10))
    sent += events.length
    const { recordProgress } = await ask(() => client.query(RECORD, { input: { enrollmentId, events } }))
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

/** What `oracle` says, as it is shown. */
export function shown({ percent, completedLessons, minutes, lessons }: Shown) {
  return { percent, completedLessons, minutes, lessons: lessons.map(({ lesson, ...rest }) => ({ id: lesson.id, ...rest })) }
}

import { must, type WrittenCourse } from '../testkit/courses.ts'
import { persist } from '../testkit/faults/load.ts'
import type { Person, School } from '../testkit/school.ts'
import { publishVideos, RECORD } from './r15-devices.ts'

export const PROGRESS = `subscription ($id: ID!, $after: String) { progressUpdated(enrollmentId: $id, after: $after) {
  cursor lessonProgress { lesson { id } position } courseProgress { percent } enrollment { id course { title } }
} }`

export interface ProgressUpdate {
  cursor: string
  lessonProgress: { lesson: { id: string }; position: number } | null
}

export interface Emitter {
  ada: Person
  enrollmentId: string
  /** What was acknowledged, in order. */
  emitted: string[]
  /** Reports one more second of a video, again and again until it is acknowledged. */
  emit(): Promise<void>
}

/** Somebody who watches videos second by second: each second makes one update. */
export async function openEmitter(school: School): Promise<Emitter> {
  const course: WrittenCourse = await publishVideos(school)
  await school.settle()
  const ada = await school.register()
  const enroll = 'mutation ($input: EnrollInput!) { enroll(input: $input) { enrollment { id } } }'
  const { enrollment } = (await must(ada.client.query(enroll, { input: { courseId: course.id } }))).enroll
  const [, ...videos] = course.lessonIds
  const emitted: string[] = []
  return {
    ada,
    enrollmentId: enrollment.id,
    emitted,
    async emit() {
      const second = Math.floor(emitted.length / videos.length)
      const lessonId = videos[emitted.length % videos.length] ?? ''
      const event = {
        clientEventId: crypto.randomUUID(),
        lessonId,
        kind: 'PROGRESSED',
        position: second + 1,
        ranges: [{ start: second, end: second + 1 }],
        activeSeconds: 0,
        occurredAt: new Date().toISOString(),
      }
      await persist(() => ada.client.query(RECORD, { input: { enrollmentId: enrollment.id, events: [event] } }))
      emitted.push(`${lessonId} ${event.position}`)
    },
  }
}

/** What a client was told, as `emitted` says it; without the present state that comes first. */
export function told(updates: readonly ProgressUpdate[]): string[] {
  return updates.flatMap(({ lessonProgress }) => (lessonProgress ? [`${lessonProgress.lesson.id} ${lessonProgress.position}`] : []))
}

import { on } from '@stellr/kit'
import { enrollmentEvents } from '@stellr/schema/events/enrollments'
import { LessonCompleted } from '@stellr/schema/events/progress'
import { courseActivityFeed, type ActivityEntry } from './feeds.ts'
import type { Store } from './store.ts'

type Kind = ActivityEntry['data']['kind']

const kinds: Record<string, Kind> = {
  'enrollment.completed': 'COMPLETED',
  'enrollment.dropped': 'DROPPED',
  'enrollment.expired': 'EXPIRED',
  'enrollment.refunded': 'REFUNDED',
}

/** Tells those who teach a course who begins to learn it and who stops. What waits to be paid for, or is suspended, is not told. */
export const onEnrollmentActivity = enrollmentEvents.map((contract) =>
  on<typeof contract, Store>(contract, async ({ type, time, data }, tx) => {
    const { courseId, enrollmentId, status, previousStatus } = data
    const isNew = status === 'ACTIVE' && (previousStatus === null || previousStatus === 'PENDING_PAYMENT')
    const kind = isNew ? 'ENROLLED' : kinds[type]
    if (kind) await tx.feed.add(courseActivityFeed, courseId, { kind, enrollmentId, lessonId: null, at: new Date(time) })
  }),
)

/** Likewise, which lessons they complete. */
export const onLessonCompleted = on<typeof LessonCompleted, Store>(LessonCompleted, async ({ time, data }, tx) => {
  const { courseId, enrollmentId, lessonId } = data
  await tx.feed.add(courseActivityFeed, courseId, { kind: 'LESSON_COMPLETED', enrollmentId, lessonId, at: new Date(time) })
})

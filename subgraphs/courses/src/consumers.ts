import { on, type Consumer, type Data, type Envelope } from '@stellr/kit'
import { enrollmentEvents } from '@stellr/schema/events/enrollments'
import type { Tx } from './context.ts'
import { isLearning } from './policy.ts'
import type { Store } from './store.ts'

type EnrollmentEvent = (typeof enrollmentEvents)[number]

/** Every event of an enrollment tells the whole of it, so each is taken alike. */
export const onEnrollmentEvents: Consumer<Store>[] = enrollmentEvents.map((event) =>
  on<EnrollmentEvent, Store>(event, (told, tx) => projectEnrollment(tx, told)),
)

/** Keeps the enrollment as it is now, and counts the course's learners. News that is older than what is known changes nothing. */
async function projectEnrollment(tx: Tx, { aggregateversion, data, time }: Envelope<Data<EnrollmentEvent>>): Promise<void> {
  const { enrollmentId: id, userId, courseId, courseVersion, status, attempt, enrolledAt, expiresAt } = data
  const course = await tx.lockCourse(courseId)
  const before = await tx.enrollment(id)
  const saved = await tx.saveEnrollment({
    id,
    userId,
    courseId,
    courseVersion,
    status,
    attempt,
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
    version: aggregateversion,
    createdAt: new Date(enrolledAt),
    updatedAt: new Date(time),
  })
  const difference = Number(isLearning(status)) - Number(before !== null && isLearning(before.status))
  if (course && saved && difference !== 0) await tx.changeLearnerCount(courseId, difference)
}

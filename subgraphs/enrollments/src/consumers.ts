import { NotYet, on, type Data, type Envelope } from '@stellr/kit'
import { CourseArchived, CoursePublished, CourseRestored, CourseUpdated } from '@stellr/schema/events/courses'
import { enrollmentEvents, type EnrollmentCreated } from '@stellr/schema/events/enrollments'
import { paymentEvents } from '@stellr/schema/events/payments'
import { CourseCompleted } from '@stellr/schema/events/progress'
import type { Tx } from './context.ts'
import { effectiveStatus, isLearner, transitions } from './status.ts'
import type { Store } from './store.ts'
import { transition } from './transition.ts'
import { followPayment } from './use-cases/follow-payment.ts'

/** Keeps what courses offer. Each event carries all of it, so the latest version is all that counts. */
export const onCourse = [CoursePublished, CourseUpdated, CourseArchived, CourseRestored].map((event) =>
  on<typeof event, Store>(event, async ({ data, time, aggregateversion: aggregateVersion }, tx) => {
    const { courseId, instructorId, status, price, accessDays, version } = data
    const cost = { priceAmount: BigInt(price.amount), priceCurrency: price.currency }
    await tx.putOffer({ courseId, instructorId, status, ...cost, accessDays, version, aggregateVersion }, new Date(time))
  }),
)

/**
 * Whoever has done every required lesson has completed the course. In another state, as after leaving while this was on its
 * way, it means nothing any more.
 */
export const onCourseCompleted = on<typeof CourseCompleted, Store>(CourseCompleted, async ({ id: eventId, time, data }, tx) => {
  const now = new Date(time)
  const enrollment = await tx.lockEnrollment(data.enrollmentId)
  // Progress has heard of it from here.
  if (!enrollment) throw new Error(`there is no enrollment ${data.enrollmentId}`)
  // An administrator's suspension stands. Whoever is resumed has completed the course then.
  if (effectiveStatus(enrollment, now) === 'SUSPENDED') throw new NotYet('the enrollment is suspended')
  if (!transitions.allows(effectiveStatus(enrollment, now), 'COMPLETED')) return
  await transition(tx, enrollment, 'COMPLETED', { reason: 'course_completed', actorId: null, eventId, now })
})

/** Access follows the money: see follow-payment.ts. */
export const onPayment = paymentEvents.map((event) => on<typeof event, Store>(event, (payment, tx) => followPayment(tx, payment)))

/**
 * Counts the learners of a course by what this very domain publishes: enrolling itself never waits for the one row of a
 * course that a thousand others enroll in at the same moment.
 */
export const onEnrollment = enrollmentEvents.map((event) => on<typeof event, Store>(event, countLearner))

async function countLearner({ data }: Envelope<Data<typeof EnrollmentCreated>>, tx: Tx): Promise<void> {
  const change = Number(isLearner(data.status)) - Number(isLearner(data.previousStatus))
  if (change === 0) return
  if (!(await tx.addLearners(data.courseId, change))) throw new Error(`there is no offer of course ${data.courseId}`)
}

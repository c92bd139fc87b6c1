import { systemRandom, type Data } from '@stellr/kit'
import * as events from '@stellr/schema/events/payments'
import { student, type CourseState, type School } from './school.ts'

type Contract = typeof events.PaymentInitiated
type State = Data<Contract>

/** Something that payments says of a payment, and which version of it that made. */
export interface Told {
  event: Contract
  version: number
  data: State
}

/** A payment that somebody has begun: each call is the next thing that is said of it. */
export interface ToldPayment {
  id: string
  initiated(at?: Date): Told
  failed(status: 'FAILED' | 'CANCELED' | 'EXPIRED'): Told
  completed(): Told
  /** All of it, unless said otherwise. */
  refunded(amount?: number): Told
  disputed(): Told
  closed(status: 'COMPLETED' | 'REFUNDED'): Told
}

/** A payment for an enrollment, by the learner of it. */
export function paymentFor(enrollment: { id: string; userId: string; courseId: string }, amount = 1999): ToldPayment {
  const id = systemRandom.id()
  let version = 0
  let state: State = {
    paymentId: id,
    enrollmentId: enrollment.id,
    userId: enrollment.userId,
    courseId: enrollment.courseId,
    status: 'PENDING',
    price: { amount, currency: 'EUR' },
    refundedAmount: 0,
    method: 'CARD',
    provider: 'sandbox',
    transactionId: null,
    initiatedAt: new Date().toISOString(),
    paidAt: null,
  }
  const say = (event: Contract, change: Partial<State>): Told => {
    state = { ...state, ...change }
    version += 1
    return { event, version, data: state }
  }
  return {
    id,
    initiated: (at = new Date()) => say(events.PaymentInitiated, { initiatedAt: at.toISOString() }),
    failed: (status) => say(events.PaymentFailed, { status }),
    completed: () => say(events.PaymentCompleted, { status: 'COMPLETED', paidAt: new Date().toISOString() }),
    refunded: (refundedAmount = amount) =>
      say(events.PaymentRefunded, { refundedAmount, status: refundedAmount === amount ? 'REFUNDED' : 'PARTIALLY_REFUNDED' }),
    disputed: () => say(events.PaymentDisputed, { status: 'DISPUTED' }),
    closed: (status) => say(events.PaymentDisputeClosed, { status, ...(status === 'REFUNDED' && { refundedAmount: amount }) }),
  }
}

/** Publishes what is said, in that order, and waits until it has been heard. */
export async function tell(school: School, ...said: Told[]): Promise<void> {
  for (const { event, version, data } of said) await school.publish(event, { id: data.paymentId, version }, data)
}

/** Somebody who waits to pay for a course of 19.99 euros. */
export async function waitingToPay(school: School, facts: Partial<CourseState> = {}) {
  const [ada, course] = [student(), await school.course({ price: { amount: 1999, currency: 'EUR' }, ...facts })]
  const { courseId } = course
  const { id } = await school.enroll(ada, courseId)
  return { ada, course, courseId, id, userId: ada.id }
}

/** Somebody who has paid for it. */
export async function paidLearner(school: School, facts: Partial<CourseState> = {}) {
  const enrolled = await waitingToPay(school, facts)
  const payment = paymentFor(enrolled)
  await tell(school, payment.initiated(), payment.completed())
  return { ...enrolled, payment }
}

/** The first attempt first. */
export function enrollmentsOf(school: School, userId: string) {
  return school.sql<{ id: string; attempt: number; status: string; payment_id: string | null }>(
    'SELECT id, attempt, status, payment_id FROM enrollment WHERE user_id = $1 ORDER BY attempt',
    [userId],
  )
}

/** Why the money of a payment was asked back, each time that it was. */
export async function askedBack(school: School, paymentId: string) {
  const events = await school.events(paymentId)
  return events.map(({ type, aggregateversion, data }) => [type, aggregateversion, data['reason']])
}

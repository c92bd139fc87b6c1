import { createHttpHost, createLogger, systemRandom, type Clock, type Data, type UserViewer, type Viewer } from '@stellr/kit'
import { query, runSubgraph, viewerOf, type Answer, type TestedSubgraph } from '@stellr/kit/testing'
import { CoursePublished } from '@stellr/schema/events/courses'
import { enrollmentEvents, EnrollmentCreated } from '@stellr/schema/events/enrollments'
import { vi } from 'vitest'
import type { Backstage } from '../context.ts'
import { payments } from '../index.ts'
import { settle } from '../settle.ts'
import { playCard, type CardName } from './play.ts'

type EnrollmentData = Data<typeof EnrollmentCreated>

export interface Unpaid {
  id: string
  learner: UserViewer
  courseId: string
  /** Publishes the enrollment again with something changed. */
  change(changes: Partial<EnrollmentData>): Promise<void>
}

export interface PaymentShown {
  id: string
  status: string
  amount: { amount: number; currency: string }
  transactionId: string | null
  clientSecret: string | null
  checkoutUrl: string | null
}

export interface School extends TestedSubgraph {
  /** Where its plain HTTP routes are. */
  url: string
  /** What jobs get, with a log that says nothing. */
  backstage(): Backstage
  /** Publishes an enrollment that waits to be paid, in a course of its own. */
  enroll(facts?: Partial<EnrollmentData>, learner?: UserViewer): Promise<Unpaid>
  initiate(enrolled: Pick<Unpaid, 'id' | 'learner'>, options?: { method?: string; key?: string; viewer?: Viewer }): Promise<Answer>
  /** The payment that comes of it. Throws when it is refused. */
  begin(enrolled: Pick<Unpaid, 'id' | 'learner'>, method?: string): Promise<PaymentShown>
  /** Pays with one of the sandbox's cards, and waits for a status. */
  pay(enrolled: Unpaid, card?: CardName, status?: string): Promise<PaymentShown>
  /** Pays what was begun, and waits until that is known. */
  payFor(payment: PaymentShown, card?: CardName, status?: string): Promise<void>
  refund(input: { paymentId: string; amount?: number; reason?: string; idempotencyKey?: string }, viewer: Viewer): Promise<Answer>
  statusOf(paymentId: string): Promise<string>
  until(paymentId: string, status: string): Promise<void>
  /** Has the provider asked about a payment now, as the job does when it is due. */
  settle(paymentId: string): Promise<void>
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
  /** What was published about an aggregate, oldest first. */
  events(subject: string): Promise<{ type: string; version: number; data: Record<string, unknown> }[]>
}

export const shown = `payment { id status amount { amount currency } refunded { amount currency } method provider transactionId clientSecret
  checkoutUrl failure { code message } paidAt refundableUntil refunds { id amount { amount } status reason } receipt { number } events { type } }`

/** What every key of payments derives from. */
export const SECRET = 'a secret that only tests of payments know'

export const newId = () => systemRandom.id()

/** payments alone, with a database of its own, and the sandbox as provider. */
export async function openSchool({ clock, settings = {} }: { clock?: Clock; settings?: Record<string, unknown> } = {}): Promise<School> {
  const tested = await runSubgraph(payments, {
    settings: { secret: SECRET, changesPerUser: 1_000_000, ...settings },
    ...(clock && { clock }),
  })
  const silent = createLogger({ name: 'payments', level: 'silent' })
  const app = createHttpHost({
    name: 'payments',
    log: silent,
    ready: () => tested.running.ready(),
  })
  tested.running.routes(app)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })

  const school: School = {
    ...tested,
    url,
    async enroll(facts = {}, learner = viewerOf('STUDENT')) {
      const [id, courseId] = [newId(), newId()]
      let data: EnrollmentData = {
        enrollmentId: id,
        userId: learner.id,
        courseId,
        instructorId: newId(),
        courseVersion: 1,
        status: 'PENDING_PAYMENT',
        previousStatus: null,
        attempt: 1,
        enrolledAt: '2026-03-01T08:00:00.000Z',
        expiresAt: null,
        price: { amount: 1999, currency: 'EUR' },
        ...facts,
      }
      let version = 1
      await tested.publish(CoursePublished, { id: courseId, version: 1 }, courseOf(data))
      await tested.publish(EnrollmentCreated, { id, version }, data)
      return {
        id,
        learner,
        courseId,
        async change(changes) {
          data = { ...data, previousStatus: data.status, ...changes }
          version += 1
          const event = enrollmentEvents.find(({ type }) => type === `enrollment.${data.status.toLowerCase()}`) ?? EnrollmentCreated
          await tested.publish(event, { id, version }, data)
        },
      }
    },
    async initiate({ id, learner }, { method = 'CARD', key = newId(), viewer = learner } = {}) {
      const text = `mutation ($input: InitiatePaymentInput!) { initiatePayment(input: $input) { ${shown} } }`
      return tested.ask(text, { input: { enrollmentId: id, method, idempotencyKey: key } }, viewer)
    },
    async begin(enrolled, method = 'CARD') {
      const { data, errors } = await school.initiate(enrolled, { method })
      if (errors.length > 0) throw new Error(JSON.stringify(errors))
      return data.initiatePayment.payment
    },
    async pay(enrolled, card = 'success', status = 'COMPLETED') {
      const payment = await school.begin(enrolled)
      await school.payFor(payment, card, status)
      return payment
    },
    async payFor({ id, clientSecret }, card = 'success', status = 'COMPLETED') {
      await playCard(url, clientSecret, card)
      await school.until(id, status)
    },
    refund: ({ reason = 'Not for me.', ...input }, viewer) =>
      tested.ask(
        `mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) { ${shown} } }`,
        { input: { reason, ...input } },
        viewer,
      ),
    async statusOf(paymentId) {
      return (await school.sql<{ status: string }>('SELECT status::text FROM payment WHERE id = $1', [paymentId]))[0]?.status ?? 'none'
    },
    async until(paymentId, status) {
      await vi.waitUntil(async () => (await school.statusOf(paymentId)) === status, { timeout: 15_000, interval: 10 })
    },
    async settle(paymentId) {
      await settle(school.backstage(), paymentId)
    },
    backstage() {
      const { signal } = new AbortController()
      const context = tested.running.context({ viewer: { kind: 'anonymous' }, caller: { ipAddress: null, userAgent: null }, signal })
      // The kit knows the subgraph's store and services by no type.
      return { ...(context as unknown as Backstage), log: silent }
    },
    async events(subject) {
      return school.sql(
        `SELECT event ->> 'type' AS type, aggregate_version AS version, event -> 'data' AS data
         FROM stellr.outbox WHERE aggregate_id = $1 ORDER BY seq`,
        [subject],
      )
    },
    sql: (text, values) => query(tested.databaseUrl, text, values),
    async stop() {
      await app.close()
      await tested.stop()
    },
  }
  return school
}

function courseOf({ courseId, instructorId, price }: EnrollmentData): Data<typeof CoursePublished> {
  return {
    courseId,
    slug: `course-${courseId}`,
    title: 'Drawing',
    instructorId,
    status: 'PUBLISHED',
    price,
    accessDays: null,
    version: 1,
    publishedAt: '2026-03-01T08:00:00.000Z',
  }
}

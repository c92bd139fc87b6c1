import { query } from '@stellr/kit/testing'
import { expect } from 'vitest'
import { domains } from '../../../schema/index.ts'
import { change, enrollIn } from '../../guarantees/classroom.ts'
import { must, publishCourse, type WrittenCourse } from '../../testkit/courses.ts'
import type { Person, School } from '../../testkit/school.ts'

export const PAYMENT = `id status amount { amount currency } refunded { amount currency } method provider transactionId clientSecret
  checkoutUrl failure { code message } paidAt refundableUntil expiresAt createdAt
  refunds { id amount { amount currency } status reason requestedBy { id } } receipt { number issuedAt pdfUrl }
  events { id type at actor { id } amount { amount currency } detail }
  enrollment { id } course { id title } user { id name }`
const READ = 'query ($id: ID!) { lesson(id: $id) { title body } }'
const WHY = `query ($id: ID!) { enrollment(id: $id) { status attempt transitions { id from to reason actor { id } eventId payment { id } at } } }`

export interface Shop {
  teacher: Person
  course: WrittenCourse
  lessonId: string
}

/** A course of six lessons that costs 49 euros, and whoever teaches it. */
export async function openShop(school: School, title: string): Promise<Shop> {
  const teacher = await school.register({ role: 'INSTRUCTOR', name: 'Grace Hopper' })
  const course = await publishCourse(teacher.client, { title, lessons: 6, price: { amount: 4900, currency: 'EUR' } })
  await school.settle()
  return { teacher, course, lessonId: course.lessonIds[0] ?? '' }
}

/** Somebody new who waits to pay for the course. */
export async function newCustomer(school: School, { course }: Shop): Promise<{ ada: Person; enrollmentId: string }> {
  const ada = await school.register({ name: 'Ada Lovelace' })
  const enrollmentId = await enrollIn(ada, course.id)
  return { ada, enrollmentId }
}

/** Begins to pay, and returns the payment with all that is shown of it. */
export async function begin(payer: Person, enrollmentId: string, method: 'CARD' | 'CHECKOUT' = 'CARD') {
  const input = { enrollmentId, method, idempotencyKey: crypto.randomUUID() }
  return (await change(payer, 'initiatePayment', input, `payment { ${PAYMENT} }`)).payment
}

/** The payment as it is, once no event is on its way. */
export async function paymentNow(school: School, payer: Person, id: string) {
  await school.settle()
  return (await must(payer.client.query(`query ($id: ID) { payment(id: $id) { ${PAYMENT} enrollment { status } } }`, { id }))).payment
}

export async function refund(by: Person, input: { paymentId: string; amount?: number; reason: string }) {
  return (await change(by, 'refundPayment', input, `payment { ${PAYMENT} }`)).payment
}

/** What becomes of somebody who opens a lesson: its text, or the code of what is said instead. */
export async function readLesson(reader: Person, lessonId: string): Promise<string> {
  const { data, codes } = await reader.client.query(READ, { id: lessonId })
  return codes.length > 0 ? codes.join() : data.lesson.body
}

/** A change of an enrollment's status: from, to, why, who, which event of another part of the platform, and which payment. */
export type Why = readonly [
  from: string | null,
  to: string,
  reason: string,
  actor: string | null,
  event: string | null,
  payment: string | null,
]

/** That the log of transitions answers why the learner is in this state: who, when, and which event. */
export async function expectWhy(school: School, reader: Person, enrollmentId: string, whys: readonly Why[]): Promise<void> {
  await school.settle()
  const { enrollment } = await must(reader.client.query(WHY, { id: enrollmentId }))
  const told: Why[] = []
  for (const { from, to, reason, actor, eventId, payment } of enrollment.transitions)
    told.push([from, to, reason, actor?.id ?? null, await typeOf(school, eventId), payment?.id ?? null])
  expect(told).toEqual(whys)
  expect(enrollment.status).toBe(whys.at(-1)?.[1])
  const times: string[] = enrollment.transitions.map(({ at }: { at: string }) => at)
  expect(times).toEqual(times.toSorted())
}

/** Of an event that some part of the platform has published. */
async function typeOf(school: School, eventId: string | null): Promise<string | null> {
  if (eventId === null) return null
  const sql = `SELECT event ->> 'type' AS type FROM stellr.outbox WHERE event_id = $1`
  const urls = domains.map((domain) => school.env[`${domain.toUpperCase()}_DATABASE_URL`] ?? '')
  const found = await Promise.all(urls.map((url) => query<{ type: string }>(url, sql, [eventId])))
  return found.flat()[0]?.type ?? 'of nobody'
}

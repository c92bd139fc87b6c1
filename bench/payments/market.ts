import { setTimeout as wait } from 'node:timers/promises'
import { playCard } from '../../subgraphs/payments/src/testing/play.ts'
import { createClient, type Client } from '../../tests/testkit/client.ts'
import { must, publishCourse } from '../../tests/testkit/courses.ts'

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken user { id } } }'
const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { accessToken refreshToken user { id } } }'
const SET_ROLE = 'mutation ($input: SetRoleInput!) { setRole(input: $input) { user { id } } }'
const REFRESH = 'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { accessToken } }'
const ENROLL = 'mutation ($id: ID!) { enroll(input: { courseId: $id }) { enrollment { id status } } }'
const INITIATE = 'mutation ($input: InitiatePaymentInput!) { initiatePayment(input: $input) { payment { id clientSecret } } }'
const UPDATES = 'subscription ($after: String) { enrollmentUpdated(after: $after) { cursor enrollment { id status } } }'
const PASSWORD = 'correct horse battery'

export interface Checkout {
  /** From `initiatePayment` to its answer. */
  initiateMs: number
  /** From sending the card to hearing, over a socket, that the enrollment is ACTIVE. */
  activeMs: number
}

export interface Customer {
  /** Pays for the next of the courses that they wait to pay for. */
  checkOut(): Promise<Checkout>
  leave(): Promise<void>
}

/** `customers` people who each wait to pay for `courses` courses, and listen. */
export async function openMarket(url: string, customers: number, courses: number): Promise<Customer[]> {
  const nobody = createClient(url)
  const teacher = await openTeacher(nobody)
  const courseIds: string[] = []
  for (let number = 0; number < courses; number += 1) {
    const plan = { title: `Course ${number}`, lessons: 1, price: { amount: 4900, currency: 'EUR' } }
    courseIds.push((await publishCourse(teacher, plan)).id)
  }
  return Promise.all(Array.from({ length: customers }, (_, index) => openCustomer(nobody, index, courseIds)))
}

async function openTeacher(nobody: Client): Promise<Client> {
  const { login } = await must(nobody.query(LOGIN, { input: { identifier: 'admin@example.org', password: PASSWORD } }))
  const { register: grace } = await must(
    nobody.query(REGISTER, { input: { email: 'grace@example.org', password: PASSWORD, name: 'Grace' } }),
  )
  await must(createClient(nobody.url, login.accessToken).query(SET_ROLE, { input: { userId: grace.user.id, role: 'INSTRUCTOR' } }))
  const { refreshSession } = await must(nobody.query(REFRESH, { input: { refreshToken: grace.refreshToken } }))
  return createClient(nobody.url, refreshSession.accessToken)
}

async function openCustomer(nobody: Client, index: number, courseIds: readonly string[]): Promise<Customer> {
  const input = { email: `customer-${index}@example.org`, password: PASSWORD, name: `Customer ${index}` }
  const { accessToken } = (await must(nobody.query(REGISTER, { input }))).register
  const client = createClient(nobody.url, accessToken)
  const { enrollmentUpdatedCursor: after } = await must(client.query('{ enrollmentUpdatedCursor }'))
  const listening = client.listen(UPDATES, { after })
  const waiting = new Map<string, () => void>()
  const listens = (async () => {
    for (let answer = await listening.next(); answer !== null; answer = await listening.next()) {
      if (answer.errors.length > 0) throw new Error(`a subscription was refused: ${JSON.stringify(answer.errors)}`)
      const { id, status } = answer.data.enrollmentUpdated.enrollment
      if (status === 'ACTIVE') waiting.get(id)?.()
    }
  })()
  const unpaid: string[] = []
  for (const courseId of courseIds) unpaid.push(await enrollOnceOpen(client, courseId))
  return {
    async checkOut() {
      const enrollmentId = unpaid.pop()
      if (enrollmentId === undefined) throw new Error('there is nothing left to pay for')
      const active = new Promise<void>((resolve) => waiting.set(enrollmentId, resolve))
      const begunAt = performance.now()
      const order = { enrollmentId, method: 'CARD', idempotencyKey: crypto.randomUUID() }
      const { payment } = (await must(client.query(INITIATE, { input: order }))).initiatePayment
      const paidAt = performance.now()
      await playCard(client.url, payment.clientSecret, 'success')
      await active
      return { initiateMs: paidAt - begunAt, activeMs: performance.now() - paidAt }
    },
    async leave() {
      await listening.end()
      await listens
    },
  }
}

// A course that was published a moment ago is offered a moment later.
async function enrollOnceOpen(client: Client, courseId: string): Promise<string> {
  for (;;) {
    const { data, codes } = await client.query(ENROLL, { id: courseId })
    if (codes.length === 0) return data.enroll.enrollment.id
    await wait(20)
  }
}

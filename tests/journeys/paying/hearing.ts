import { onTestFinished } from 'vitest'
import { must } from '../../testkit/courses.ts'
import type { Person } from '../../testkit/school.ts'

const PAYMENTS = `subscription ($after: String) { paymentUpdated(after: $after) { cursor at payment {
  id status failure { code } refunded { amount } enrollment { id } course { title } receipt { number }
} } }`
const ENROLLMENTS = `subscription ($after: String) { enrollmentUpdated(after: $after) { cursor at
  enrollment { id status course { title } payment { id status } } transition { from to reason payment { id } } } }`

export interface Hearing {
  /** What was heard of one enrollment and of payments for it, oldest first. */
  payments(enrollmentId: string): { status: string }[]
  enrollments(enrollmentId: string): { status: string }[]
}

/** Listens, over two sockets, to all that becomes of somebody's payments and enrollments from now on. */
export async function listenTo(person: Person): Promise<Hearing> {
  const from = await must(person.client.query('{ paymentUpdatedCursor enrollmentUpdatedCursor }'))
  const payments = collect(person, PAYMENTS, 'paymentUpdated', from.paymentUpdatedCursor)
  const enrollments = collect(person, ENROLLMENTS, 'enrollmentUpdated', from.enrollmentUpdatedCursor)
  return {
    payments: (id) => payments.map(({ payment }) => payment).filter(({ enrollment }) => enrollment.id === id),
    enrollments: (id) => enrollments.flatMap(({ enrollment, transition }) => (enrollment.id === id ? [{ ...enrollment, transition }] : [])),
  }
}

// oxlint-disable-next-line typescript/no-explicit-any -- a story asserts on whatever it asked for
function collect({ client }: Person, text: string, field: string, after: string): any[] {
  // oxlint-disable-next-line typescript/no-explicit-any
  const heard: any[] = []
  const listening = client.listen(text, { after })
  onTestFinished(() => listening.end())
  void (async () => {
    for (let answer = await listening.next(); answer !== null; answer = await listening.next()) {
      if (answer.errors.length > 0) throw new Error(`a subscription was refused: ${JSON.stringify(answer.errors)}`)
      heard.push(answer.data[field])
    }
  })()
  return heard
}

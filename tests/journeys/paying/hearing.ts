import { onTestFinished, vi } from 'vitest'
import { must } from '../../testkit/courses.ts'
import { offstage } from '../../testkit/payments.ts'
import type { Person, School } from '../../testkit/school.ts'
import { begin, openShop } from './stage.ts'

const PAYMENTS = `subscription { paymentUpdated { cursor at payment {
  id status failure { code } refunded { amount } enrollment { id } course { title } receipt { number }
} } }`
const ENROLLMENTS = `subscription { enrollmentUpdated { cursor at
  enrollment { id status course { title } payment { id status } } transition { from to reason payment { id } } } }`

export interface Hearing {
  /** What was heard of one enrollment and of payments for it, oldest first. */
  payments(enrollmentId: string): { status: string }[]
  enrollments(enrollmentId: string): { status: string }[]
}

/** Listens, over two sockets, to all that becomes of somebody's payments and enrollments. Returns once both surely stand. */
export async function listenTo(school: School, person: Person): Promise<Hearing> {
  const payments = collect(person, PAYMENTS, 'paymentUpdated')
  const enrollments = collect(person, ENROLLMENTS, 'enrollmentUpdated')
  // A subscription does not say when it began, so something happens until it is heard: in another course, off the transcript.
  const { course } = await openShop(school, 'A course to be heard of')
  const backstage = { ...person, client: offstage(person) }
  await vi.waitUntil(
    async () => {
      const input = { input: { courseId: course.id } }
      const { enroll } = await must(
        backstage.client.query('mutation ($input: EnrollInput!) { enroll(input: $input) { enrollment { id } } }', input),
      )
      await begin(backstage, enroll.enrollment.id)
      const left = { input: { enrollmentId: enroll.enrollment.id } }
      await must(backstage.client.query('mutation ($input: DropEnrollmentInput!) { dropEnrollment(input: $input) { __typename } }', left))
      return payments.length > 0 && enrollments.length > 0
    },
    { timeout: 20_000, interval: 100 },
  )
  return {
    payments: (id) => payments.map(({ payment }) => payment).filter(({ enrollment }) => enrollment.id === id),
    enrollments: (id) => enrollments.flatMap(({ enrollment, transition }) => (enrollment.id === id ? [{ ...enrollment, transition }] : [])),
  }
}

// oxlint-disable-next-line typescript/no-explicit-any -- a story asserts on whatever it asked for
function collect({ client }: Person, text: string, field: string): any[] {
  // oxlint-disable-next-line typescript/no-explicit-any
  const heard: any[] = []
  const listening = client.listen(text)
  onTestFinished(() => listening.end())
  void (async () => {
    for (let answer = await listening.next(); answer !== null; answer = await listening.next()) {
      if (answer.errors.length > 0) throw new Error(`a subscription was refused: ${JSON.stringify(answer.errors)}`)
      heard.push(answer.data[field])
    }
  })()
  return heard
}

import { countStatements, viewerOf, type SentStatement } from '@stellr/kit/testing'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { openSchool, type School } from './testing/school.ts'

const ada = viewerOf('STUDENT')
const everything = `id status amount { amount } refunded { amount } clientSecret checkoutUrl refundableUntil user { id } course { id }
  enrollment { id } refunds { id amount { amount } requestedBy { id } } receipt { number pdfUrl } events { id type actor { id } amount { amount } }`

let school: School
const paymentIds: string[] = []
const enrollmentIds: string[] = []
beforeAll(async () => {
  school = await openSchool({ settings: { checkSeconds: 3600 } })
  for (let n = 0; n < 20; n += 1) {
    const enrolled = await school.enroll({}, ada)
    const payment = await school.begin(enrolled)
    paymentIds.push(payment.id)
    enrollmentIds.push(enrolled.id)
    if (n % 3 === 0) continue
    await school.payFor(payment)
    if (n % 3 === 1) await school.refund({ paymentId: payment.id }, ada)
  }
})
afterAll(() => school.stop())
// Each test finds the provider silent.
beforeEach(async () => {
  const onTheirWay = () => school.sql('SELECT FROM sandbox_event WHERE send_at IS NOT NULL LIMIT 1')
  await vi.waitUntil(async () => (await onTheirWay()).length === 0, { timeout: 10_000 })
})

/** The tables that were read, in order; what is the kit's or the sandbox's, who work meanwhile, left out. */
function tablesOf(statements: readonly SentStatement[]): string[] {
  return statements
    .filter(({ text }) => !text.includes('next_check_at" <='))
    .flatMap(
      ({ text }) => /FROM\s+(?:"public"\.)?"?(payment|payment_event|refund|receipt|enrollment|course|payer)"?\s/.exec(text)?.[1] ?? [],
    )
    .toSorted()
}

async function ask(text: string, variables: object, viewer = ada) {
  const { result, statements } = await countStatements(() => school.ask(text, { ...variables }, viewer))
  expect(result.codes).toEqual([])
  return { data: result.data, tables: tablesOf(statements) }
}

const entities = (typename: string, ids: readonly string[], fields: string) =>
  ask(`query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${typename} { ${fields} } } }`, {
    of: ids.map((id) => ({ __typename: typename, id })),
  })

const eachOnce = ['payment', 'payment_event', 'receipt', 'refund']

test.each([1, 20])('a page of %i payments with all there is to see costs one statement a table', async (first) => {
  const { data, tables } = await entities('User', [ada.id], `payments(first: ${first}) { edges { node { ${everything} } } }`)
  const { edges } = data._entities[0].payments
  expect(edges).toHaveLength(first)
  // The payment once more: what opens the way to paying is read anew.
  expect(tables).toEqual(['payment', ...eachOnce])
  if (first === 1) return
  const statuses = new Set(edges.map(({ node }: { node: { status: string } }) => node.status))
  expect(statuses).toEqual(new Set(['REQUIRES_ACTION', 'COMPLETED', 'REFUNDED']))
})

test.each([1, 20])('%i references to payments cost one statement a table', async (count) => {
  const { data, tables } = await entities('Payment', paymentIds.slice(0, count), everything)
  expect(data._entities.map(({ id }: { id: string }) => id)).toEqual(paymentIds.slice(0, count))
  expect(tables).toEqual(eachOnce)
})

test.each([1, 20])('%i references to enrollments with their payments cost one statement a table', async (count) => {
  const { data, tables } = await entities('Enrollment', enrollmentIds.slice(0, count), 'payment { id status }')
  const ids = data._entities.map(({ payment }: { payment: { id: string } }) => payment.id)
  expect(ids).toEqual(paymentIds.slice(0, count))
  expect(tables).toEqual(['enrollment', 'payment'])
})

test('the control: twenty payments asked for one by one cost twenty statements', async () => {
  const { statements } = await countStatements(async () => {
    for (const id of paymentIds) await school.ask('query ($id: ID) { payment(id: $id) { status } }', { id }, ada)
  })
  expect(tablesOf(statements)).toEqual(Array.from({ length: 20 }, () => 'payment'))
})

/** What a checkout has this domain read and write: without its provider's books, the ends of transactions, and the kit's looks at what there is to do. */
function ofCheckout(statements: readonly SentStatement[]): string[] {
  const others = /sandbox_|^(BEGIN|COMMIT)|next_check_at" <=|advisory|published_at|stellr\.parked|pg_notify/
  return statements.flatMap(({ database, text }) => (database === 'payments' && !others.test(text) ? [text.trim()] : []))
}

test('a checkout costs at most 37 statements from initiatePayment to COMPLETED, three webhooks included', async () => {
  const enrolled = await school.enroll()
  const arrived = async () =>
    (
      await school.sql(
        `SELECT FROM sandbox_event WHERE send_at IS NULL AND payment_id IN (
      SELECT transaction_id FROM payment WHERE enrollment_id = $1)`,
        [enrolled.id],
      )
    ).length
  const { statements } = await countStatements(async () => {
    const payment = await school.begin(enrolled)
    await school.payFor(payment)
    await expect.poll(arrived).toBe(3)
  })
  const sent = ofCheckout(statements)
  expect(sent.length).toBeLessThanOrEqual(37)
  // What comes again, or says nothing new, writes that it came, and nothing else.
  expect(sent.filter((text) => !text.startsWith('SELECT')).length).toBeLessThanOrEqual(16)
})

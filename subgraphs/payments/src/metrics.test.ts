import { readMetrics } from '@stellr/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Backstage } from './context.ts'
import { ProviderRefused, type Provider, type ProviderRefund } from './providers/provider.ts'
import { settle } from './settle.ts'
import { newId, openSchool, type School } from './testing/school.ts'

let school: School
beforeAll(async () => {
  school = await openSchool({ settings: { checkSeconds: 3600 } })
})
afterAll(() => school.stop())

async function numbers(): Promise<(name: string) => number> {
  const lines = (await readMetrics()).split('\n')
  return (name) =>
    Number(
      lines
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')
        .at(-1) ?? 0,
    )
}

/** What went wrong is in the metrics and, as an error, in the log. */
async function watched(change: (provider: Provider) => Partial<Provider>, paymentId: string): Promise<string[]> {
  const backstage = school.backstage()
  const { provider, ...services } = backstage.services
  const errors: string[] = []
  const log = Object.assign(Object.create(backstage.log), { error: (_about: object, message: string) => void errors.push(message) })
  const other = { ...provider, ...change(provider) }
  const tools: Backstage = { ...backstage, log, services: { ...services, provider: other, providers: { sandbox: other } } }
  await settle(tools, paymentId)
  return errors
}

test('an operator sees what is open for too long, and money that has been on its way back for too long', async () => {
  const [open, paid] = [await school.begin(await school.enroll()), await school.pay(await school.enroll())]
  expect((await numbers())('stellr_payments_waiting{state="overdue"}')).toBe(0)
  await school.sql(`UPDATE payment SET expires_at = now() - interval '2 hours' WHERE id = $1`, [open.id])
  await school.sql(
    `INSERT INTO refund (id, payment_id, amount, reason, status, created_at, updated_at) VALUES ($1, $2, 1, '', 'PENDING', $3, $3)`,
    [newId(), paid.id, new Date(Date.now() - 25 * 3600_000)],
  )
  await school.sql(`UPDATE payment SET next_check_at = now() + interval '1 hour' WHERE id = $1`, [paid.id])
  const read = await numbers()
  expect(read('stellr_payments_waiting{state="overdue"}')).toBe(1)
  expect(read('stellr_payments_waiting{state="refund"}')).toBe(1)
})

test('an operator sees and reads of money that the provider does not give back', async () => {
  const [one, other] = [await school.pay(await school.enroll()), await school.pay(await school.enroll())]
  const before = (await numbers())('stellr_payment_refunds_failed_total{provider="sandbox"}')
  await school.sql(
    `INSERT INTO refund (id, payment_id, amount, reason, status, created_at, updated_at) VALUES ($1, $2, 1, 'late_payment', 'PENDING', now(), now())`,
    [newId(), one.id],
  )
  const refused = await watched(() => ({ refund: () => Promise.reject(new ProviderRefused('charge_disputed', 'no')) }), one.id)
  expect(refused).toEqual(['the provider does not take a refund'])
  const returned: ProviderRefund = { id: 're_1', refundId: null, amount: 500, state: 'failed', at: new Date() }
  const find = (provider: Provider) => async (transactionId: string) => {
    const found = await provider.find(transactionId)
    return found && { ...found, refunds: [returned] }
  }
  expect(await watched((provider) => ({ find: find(provider) }), other.id)).toEqual(['a refund has failed at the provider'])
  expect(await watched((provider) => ({ find: find(provider) }), other.id)).toEqual([])
  expect((await numbers())('stellr_payment_refunds_failed_total{provider="sandbox"}')).toBe(before + 2)
})

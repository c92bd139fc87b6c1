import { plusSeconds } from '@stellr/kit'
import { countStatements } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sweepNotices } from './jobs.ts'
import { newId, openSchool, type School } from './testing/school.ts'
import { playSandbox } from './testing/play.ts'

let school: School
beforeAll(async () => {
  // Nobody asks about a payment by itself here.
  school = await openSchool({ settings: { checkSeconds: 3600 } })
})
afterAll(() => school.stop())

const sweep = () => sweepNotices.run(school.backstage())

/** Notices of half a minute ago, which came unless it is said otherwise. */
async function told(paymentId: string, many: number, came = true): Promise<void> {
  const [at, prefix] = [plusSeconds(new Date(), -30), newId()]
  await school.sql(
    `INSERT INTO sandbox_event (id, payment_id, type, created_at)
     SELECT $1 || n, $2, 'payment.processing', $3 FROM generate_series(1, $4) AS n`,
    [prefix, paymentId, at, many],
  )
  if (!came) return
  await school.sql(
    `INSERT INTO webhook_event (provider, event_id, type, at, received_at)
     SELECT 'sandbox', $1 || n, 'payment.processing', $2, $2 FROM generate_series(1, $3) AS n`,
    [prefix, at, many],
  )
}

test('a dispute of which no webhook came is found by going through what the provider has told, also behind thousands that came', async () => {
  const enrolled = await school.enroll()
  const payment = await school.begin(enrolled)
  await playSandbox(school.url, payment.clientSecret, { act: 'pay', card: 'lost_webhooks' })
  await sweep()
  expect(await school.statusOf(payment.id)).toBe('COMPLETED')
  await told(payment.transactionId ?? '', 2500)
  await playSandbox(school.url, payment.clientSecret, { act: 'dispute' })
  expect(await school.statusOf(payment.id)).toBe('COMPLETED')
  await sweep()
  expect(await school.statusOf(payment.id)).toBe('DISPUTED')
})

test('what came already costs a statement for a hundred', async () => {
  const { statements } = await countStatements(() => sweep())
  const looks = statements.filter(({ text }) => /webhook_event/.test(text))
  expect(looks.length).toBeGreaterThan(20)
  expect(looks.length).toBeLessThan(30)
})

test('what cannot be taken in keeps nothing that was told after it from being found, and is tried again', async () => {
  const [readable, unreadable] = [await school.begin(await school.enroll()), await school.begin(await school.enroll())]
  await playSandbox(school.url, readable.clientSecret, { act: 'pay', card: 'lost_webhooks' })
  await school.sql(`UPDATE sandbox_payment SET state = 'in a way that nobody knows' WHERE id = $1`, [unreadable.transactionId])
  await told(unreadable.transactionId ?? '', 1, false)
  await sweep()
  expect(await school.statusOf(readable.id)).toBe('COMPLETED')
  await school.sql(`UPDATE sandbox_payment SET state = 'succeeded', paid_at = now() WHERE id = $1`, [unreadable.transactionId])
  await sweep()
  expect(await school.statusOf(unreadable.id)).toBe('COMPLETED')
})

test('it is tried again also when it was told long ago', async () => {
  const [id, at] = ['sandbox_unknown_state', plusSeconds(new Date(), -3600)]
  await school.sql(
    `INSERT INTO sandbox_payment (id, key, request_hash, reference, client_secret, method, amount, currency, description, state, created_at, updated_at)
     VALUES ($1, $1, '', $2, $1, 'CARD', 1, 'EUR', '', 'unknown', now(), now())`,
    [id, newId()],
  )
  await school.sql(`INSERT INTO sandbox_event (id, payment_id, type, created_at) VALUES ($1, $2, 'payment.processing', $3)`, [
    newId(),
    id,
    at,
  ])
  await school.sql(`UPDATE sweep SET until = $1`, [at])
  await sweep()
  expect(await school.sql<{ until: Date }>('SELECT until FROM sweep')).toEqual([{ until: at }])
  await school.sql(`UPDATE sandbox_payment SET state = 'canceled' WHERE id = $1`, [id])
  await sweep()
  expect((await school.sql<{ until: Date }>('SELECT until FROM sweep'))[0]?.until.getTime()).toBeGreaterThan(at.getTime())
})

test('what says that it is ours, by an id that cannot be one, is of somebody else', async () => {
  const payment = await school.begin(await school.enroll())
  await school.sql(`UPDATE sandbox_payment SET reference = 'order 17' WHERE id = $1`, [payment.transactionId])
  await told(payment.transactionId ?? '', 1, false)
  await sweep()
  const [row] = await school.sql<{ behind: boolean }>(`SELECT until < now() - interval '10 seconds' AS behind FROM sweep`)
  expect(row).toEqual({ behind: false })
})

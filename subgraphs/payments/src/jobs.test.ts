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

/** Notices of half a minute ago that came. */
async function told(paymentId: string, many: number): Promise<void> {
  const [at, prefix] = [plusSeconds(new Date(), -30), newId()]
  await school.sql(
    `INSERT INTO sandbox_event (id, payment_id, type, created_at)
     SELECT $1 || n, $2, 'payment.processing', $3 FROM generate_series(1, $4) AS n`,
    [prefix, paymentId, at, many],
  )
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

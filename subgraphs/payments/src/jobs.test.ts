import { expect, onTestFinished, test } from 'vitest'
import { sweepNotices } from './jobs.ts'
import { openSchool } from './testing/school.ts'

// The job runs once when the school opens, and then not for a minute: the tests run it.
async function deafSchool() {
  const school = await openSchool({ settings: { checkSeconds: 3600 } })
  onTestFinished(() => school.stop())
  return { school, sweep: () => sweepNotices.run(school.backstage()) }
}

test('a webhook that never came is made up for by going through what was told', async () => {
  const { school, sweep } = await deafSchool()
  const payment = await school.begin(await school.enroll())
  await school.sql(
    `INSERT INTO sandbox_event (id, payment_id, type, created_at, copies, tries) VALUES (gen_random_uuid(), $1, 'payment.succeeded', now(), 1, 0)`,
    [payment.transactionId],
  )
  await school.sql(`UPDATE sandbox_payment SET state = 'succeeded', paid_at = now() WHERE id = $1`, [payment.transactionId])
  await sweep()
  expect(await school.statusOf(payment.id)).toBe('COMPLETED')
})

test('an hour in which very much was told holds up nothing that was told at its end', async () => {
  const { school, sweep } = await deafSchool()
  const payment = await school.begin(await school.enroll())
  await school.sql(
    `WITH told AS (
       INSERT INTO sandbox_event (id, payment_id, type, created_at, copies, tries)
       SELECT gen_random_uuid(), $1, 'payment.created', now() - number * interval '1 second', 1, 0 FROM generate_series(0, 2500) AS number
       RETURNING id, created_at)
     INSERT INTO webhook_event (provider, event_id, type, at, received_at)
     SELECT 'sandbox', id, 'payment.created', created_at, created_at FROM told WHERE created_at < now() - interval '0.5 seconds'`,
    [payment.transactionId],
  )
  const unknown = `SELECT FROM sandbox_event WHERE NOT EXISTS (SELECT FROM webhook_event WHERE event_id = sandbox_event.id::text)`
  expect(await school.sql(unknown)).not.toEqual([])
  await sweep()
  expect(await school.sql(unknown)).toEqual([])
})

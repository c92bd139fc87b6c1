import { freePort } from '@stellr/kit/testing'
import { expect, onTestFinished, test } from 'vitest'
import { plantBooks } from './plant-books.ts'
import { runAudit } from './run.ts'

type Surroundings = Parameters<typeof runAudit>[1]

async function run(argv: readonly string[], surroundings: Partial<Surroundings> = {}) {
  const [said, complained]: [string[], string[]] = [[], []]
  const code = await runAudit(argv, { env: {}, out: (text) => said.push(text), err: (text) => complained.push(text), ...surroundings })
  return { code, said: said.join('\n'), complained: complained.join('\n') }
}

test('0 says that all agree, 1 that something does not, in text and in JSON', async () => {
  const { addOne, close, databases, provider, sql } = await plantBooks()
  onTestFinished(close)
  const payment = await addOne()
  const at: Surroundings['at'] = (_, work) => work({ databases, provider })
  expect(await run([], { at })).toMatchObject({ code: 0, complained: '', said: expect.stringMatching(/disagreements: none$/) })

  await sql.payments('UPDATE payment SET refunded_amount = 1 WHERE id = $1', [payment.id])
  const { code, said } = await run(['--settled'], { at })
  expect(code).toBe(1)
  expect(said).toContain(`  status-not-of-events: payment ${payment.id}\n`)
  const json = await run(['--json', '--settled', '--since', '2026-09-01T00:00:00Z'], { at })
  expect(json.code).toBe(1)
  expect(JSON.parse(json.said)).toMatchObject({ total: 2, byKind: { 'status-not-of-events': 1, 'refunded-sum-differs': 1 } })
})

test('2 says that no audit was made: a provider that gives no answer', async () => {
  const { close, databases, provider } = await plantBooks()
  onTestFinished(close)
  const silent = { ...provider, paymentsBetween: () => fail('the provider does not answer') }
  expect(await run([], { at: (_, work) => work({ databases, provider: silent }) })).toEqual({
    code: 2,
    said: '',
    complained: 'the audit could not be made: the provider does not answer',
  })
})

test('2 says that no audit was made: databases that are away', async () => {
  const away = `postgresql://stellr@127.0.0.1:${await freePort()}/payments`
  const env = {
    PAYMENTS_DATABASE_URL: away,
    ENROLLMENTS_DATABASE_URL: away,
    PAYMENTS_SECRET: 'a secret that only tests of payments know',
  }
  expect(await run([], { env })).toMatchObject({ code: 2, said: '', complained: expect.stringContaining('the audit could not be made') })
})

test.each([
  [['--since', 'yesterday'], 'Not a time: yesterday'],
  [['--grace', 'some'], 'Not a number of seconds: some'],
  [['--loud'], 'Unknown option'],
  [['everything'], 'Unexpected argument'],
])('2 says that %s is not understood, and how it is', async (argv, complaint) => {
  const { code, complained } = await run(argv)
  expect(code).toBe(2)
  expect(complained).toContain(complaint)
  expect(complained).toContain('pnpm payments:audit [--json]')
})

// oxlint-disable-next-line require-yield -- it never comes to anything
async function* fail(why: string): AsyncGenerator<never> {
  throw new Error(why)
}

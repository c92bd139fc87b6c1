import { manualClock } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { settle } from './settle.ts'
import { openSchool, type School } from './testing/school.ts'
import { playSandbox } from './testing/play.ts'

const clock = manualClock(new Date())
let school: School
beforeAll(async () => {
  school = await openSchool({ clock, settings: { checkSeconds: 60 } })
})
afterAll(() => school.stop())

/** In how many minutes its provider is asked about a payment next. */
async function asksIn(paymentId: string): Promise<number> {
  const [row] = await school.sql<{ at: Date }>('SELECT next_check_at AS at FROM payment WHERE id = $1', [paymentId])
  return ((row?.at.getTime() ?? Number.NaN) - clock.now().getTime()) / 60_000
}

test('the provider is asked half as often each time that it has no news, every six hours at last; news begins anew', async () => {
  const payment = await school.pay(await school.enroll())
  await playSandbox(school.url, payment.clientSecret, { act: 'dispute' })
  await school.until(payment.id, 'DISPUTED')
  expect(await asksIn(payment.id)).toBe(1)
  const minutes: number[] = []
  for (let time = 0; time < 10; time += 1) {
    await settle(school.backstage(), payment.id)
    minutes.push(await asksIn(payment.id))
  }
  expect(minutes).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 360, 360])
  await playSandbox(school.url, payment.clientSecret, { act: 'close_dispute', won: true })
  await school.until(payment.id, 'COMPLETED')
  await playSandbox(school.url, payment.clientSecret, { act: 'dispute' })
  await school.until(payment.id, 'DISPUTED')
  expect(await asksIn(payment.id)).toBe(1)
})

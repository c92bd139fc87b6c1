import { expect } from 'vitest'
import { playSandbox } from '../../../subgraphs/payments/src/testing/play.ts'
import { payWith, untilEnrollment, untilPayment } from '../../testkit/payments.ts'
import type { School } from '../../testkit/school.ts'
import { begin, expectWhy, newCustomer, openShop, paymentNow, readLesson, type Why } from './stage.ts'

/** The payer's bank asks for the money back: access waits, and follows what comes of it. */
export async function disputed(school: School): Promise<void> {
  const shop = await openShop(school, 'Disputed')
  for (const won of [false, true]) {
    const { ada, enrollmentId } = await newCustomer(school, shop)
    const payment = await begin(ada, enrollmentId)
    await payWith(ada, payment, 'success', 'COMPLETED')
    await untilEnrollment(ada, enrollmentId, 'ACTIVE')
    await playSandbox(ada.client.url, payment.clientSecret, { act: 'dispute' })
    await untilPayment(ada, payment.id, 'DISPUTED')
    const whys: Why[] = [
      [null, 'PENDING_PAYMENT', 'enrolled', ada.id, null, null],
      ['PENDING_PAYMENT', 'ACTIVE', 'paid', null, 'payment.completed', payment.id],
      ['ACTIVE', 'SUSPENDED', 'payment_disputed', null, 'payment.disputed', payment.id],
    ]
    await expectWhy(school, ada, enrollmentId, whys)
    expect(await readLesson(ada, shop.lessonId)).toBe('NOT_ENROLLED')

    await playSandbox(ada.client.url, payment.clientSecret, { act: 'close_dispute', won })
    await untilPayment(ada, payment.id, won ? 'COMPLETED' : 'REFUNDED')
    await expectWhy(school, ada, enrollmentId, [
      ...whys,
      won
        ? ['SUSPENDED', 'ACTIVE', 'dispute_won', null, 'payment.dispute_closed', payment.id]
        : ['SUSPENDED', 'REFUNDED', 'dispute_lost', null, 'payment.dispute_closed', payment.id],
    ])
    expect(await readLesson(ada, shop.lessonId)).toBe(won ? 'Words of lesson 1.' : 'NOT_ENROLLED')
    const closed = await paymentNow(school, ada, payment.id)
    expect(closed.refunded.amount).toBe(won ? 0 : 4900)
    expect(closed.events.slice(-2).map(({ type }: { type: string }) => type)).toEqual([
      'DISPUTE_OPENED',
      won ? 'DISPUTE_WON' : 'DISPUTE_LOST',
    ])
  }
}

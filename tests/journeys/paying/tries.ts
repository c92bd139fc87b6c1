import { expect } from 'vitest'
import { playSandbox, secretOf, type CardName } from '../../../subgraphs/payments/src/testing/play.ts'
import { must } from '../../testkit/courses.ts'
import { offstage, payWith, untilEnrollment, untilPayment } from '../../testkit/payments.ts'
import type { Person, School } from '../../testkit/school.ts'
import { begin, expectWhy, newCustomer, openShop, paymentNow } from './stage.ts'

const typesOf = ({ events }: { events: { type: string }[] }) => events.map(({ type }) => type).join(' ')
const BEGUN = 'INITIATED CREATED ACTION_REQUIRED'

/** A card that is declined, one with too little money, and one that pays, on the same payment. */
export async function declinedThenPaid(school: School): Promise<void> {
  const shop = await openShop(school, 'Second tries')
  const { ada, enrollmentId } = await newCustomer(school, shop)
  const payment = await begin(ada, enrollmentId)
  const tries: [CardName, { code: string; message: string }][] = [
    ['decline', { code: 'card_declined', message: 'The card was declined.' }],
    ['insufficient_funds', { code: 'insufficient_funds', message: 'There is not enough money on the card.' }],
  ]
  for (const [card, failure] of tries) {
    await payWith(ada, payment, card, 'FAILED')
    await expect.poll(() => failureOf(ada, payment.id)).toEqual(failure)
    expect(await paymentNow(school, ada, payment.id)).toMatchObject({ clientSecret: payment.clientSecret, receipt: null })
  }
  await expectWhy(school, ada, enrollmentId, [[null, 'PENDING_PAYMENT', 'enrolled', ada.id, null, null]])
  await payWith(ada, payment, 'success', 'COMPLETED')
  await untilEnrollment(ada, enrollmentId, 'ACTIVE')
  const paid = await paymentNow(school, ada, payment.id)
  expect(paid).toMatchObject({ failure: null, receipt: { number: expect.stringMatching(/^R-\d{6}$/) } })
  expect(typesOf(paid)).toBe(`${BEGUN} FAILED FAILED SUCCEEDED`)
  await expectWhy(school, ada, enrollmentId, [
    [null, 'PENDING_PAYMENT', 'enrolled', ada.id, null, null],
    ['PENDING_PAYMENT', 'ACTIVE', 'paid', null, 'payment.completed', payment.id],
  ])
}

// Off the transcript: how often it must be asked is a matter of milliseconds.
async function failureOf(payer: Person, id: string) {
  return (await must(offstage(payer).query('query ($id: ID) { payment(id: $id) { failure { code message } } }', { id }))).payment.failure
}

/** 3-D Secure on the provider's page: passed; or failed first. */
export async function threeDSecure(school: School): Promise<void> {
  const shop = await openShop(school, 'Who are you')
  for (const answers of [[true], [false, true]]) {
    const { ada, enrollmentId } = await newCustomer(school, shop)
    const payment = await begin(ada, enrollmentId, 'CHECKOUT')
    expect(payment).toMatchObject({ method: 'CHECKOUT', clientSecret: null })
    const opensIt = secretOf(payment.checkoutUrl)
    for (const passed of answers) {
      await payWith(ada, { id: payment.id, clientSecret: opensIt }, 'three_d_secure', 'REQUIRES_ACTION')
      await playSandbox(ada.client.url, opensIt, { act: 'authenticate', passed })
      await untilPayment(ada, payment.id, passed ? 'COMPLETED' : 'FAILED')
    }
    await untilEnrollment(ada, enrollmentId, 'ACTIVE')
    const paid = await paymentNow(school, ada, payment.id)
    expect(paid).toMatchObject({ failure: null, checkoutUrl: null })
    expect(typesOf(paid)).toBe(answers[0] === true ? `${BEGUN} SUCCEEDED` : `${BEGUN} FAILED ACTION_REQUIRED SUCCEEDED`)
    await expectWhy(school, ada, enrollmentId, [
      [null, 'PENDING_PAYMENT', 'enrolled', ada.id, null, null],
      ['PENDING_PAYMENT', 'ACTIVE', 'paid', null, 'payment.completed', payment.id],
    ])
  }
}

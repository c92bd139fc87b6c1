import { found, foundOwn, involved, involvedNull, ownerOnly, signedIn, type Outcomes, type Visit } from './outcomes.ts'

const always = 'id enrollment user course status amount refunded method provider transactionId expiresAt refunds events createdAt updatedAt'
/** What opens the way to paying is the payer's alone. */
const payers: Outcomes = ['UNAUTHENTICATED', 'NOT_FOUND', 'NOT_FOUND', 'value', 'null']
/** With the learner's cursor, which fits the stream of nobody else. */
const ownStream: Outcomes = ['UNAUTHENTICATED', 'BAD_USER_INPUT', 'BAD_USER_INPUT', 'value', 'BAD_USER_INPUT']
/** Nobody pays in the place of the learner. */
const nobodys: Outcomes = ['UNAUTHENTICATED', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']
/** Whoever teaches the course is told nothing of the money. */
const authorsNot: Outcomes = ['UNAUTHENTICATED', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'value']
const authorsForbidden: Outcomes = ['UNAUTHENTICATED', 'NOT_FOUND', 'NOT_FOUND', 'FORBIDDEN', 'value']

/** Who pays what. */
export const payments: readonly Visit[] = [
  {
    ask: 'subscription { paymentUpdated(after: $paymentCursor) { * } }',
    root: ownStream,
    rows: [['cursor at payment', ownStream]],
  },
  {
    ask: 'subscription { paymentUpdated(after: $paymentCursor) { payment { * } } }',
    root: ownStream,
    rows: [['id enrollment user course status amount refunded method provider expiresAt refunds events createdAt updatedAt', ownStream]],
  },
  { ask: 'query { paymentUpdatedCursor }', root: signedIn, rows: [] },
  {
    ask: 'query { payment(id: $paid) { * } }',
    root: involved,
    rows: [
      [`${always} paidAt refundableUntil receipt`, involved],
      ['clientSecret checkoutUrl failure', involvedNull],
    ],
  },
  { as: 'author', ask: 'query { payment(id: $paid) { * } }', root: authorsNot, rows: [[always, authorsNot]] },
  { ask: 'query { payment(id: $paid) { amount { * } } }', root: involved, rows: [['amount currency', involved]] },
  { ask: 'query { payment(id: $paid) { receipt { * } } }', root: involved, rows: [['number issuedAt pdfUrl', involved]] },
  {
    ask: 'query { payment(id: $paid) { refunds { * } } }',
    root: involved,
    rows: [['id amount status reason requestedBy createdAt updatedAt', involved]],
  },
  {
    ask: 'query { payment(id: $paid) { events { * } } }',
    root: involved,
    rows: [
      ['id type at actor amount', involved],
      ['detail', involvedNull],
    ],
  },
  {
    ask: 'query { payment(id: $declined) { * } }',
    root: involved,
    rows: [
      ['failure', involved],
      ['clientSecret', payers],
      ['paidAt refundableUntil receipt', involvedNull],
    ],
  },
  { ask: 'query { payment(id: $declined) { failure { * } } }', root: involved, rows: [['code message', involved]] },
  { ask: 'query { payment(id: $checkout) { * } }', root: involved, rows: [['checkoutUrl', payers]] },
  { ask: 'query { enrollment(id: $bought) { * } }', root: involved, rows: [['payment', involved]] },
  { as: 'author', ask: 'query { enrollment(id: $bought) { * } }', root: involved, rows: [['payment', authorsForbidden]] },
  { ask: 'query { enrollment(id: $enrollment) { * } }', root: involved, rows: [['payment', involvedNull]] },
  { ask: 'query { user(id: $owner) { * } }', root: found, rows: [['payments', foundOwn]] },
  { ask: 'query { user(id: $owner) { payments { * } } }', root: found, rows: [['edges pageInfo', foundOwn]] },
  { ask: 'query { user(id: $owner) { payments { edges { * } } } }', root: found, rows: [['cursor node', foundOwn]] },
  { ask: 'query { user(id: $owner) { payments { edges { node { * } } } } }', root: found, rows: [['id status', foundOwn]] },

  {
    ask: 'mutation { initiatePayment(input: { enrollmentId: $unpaidEnrollment, method: CARD, idempotencyKey: $newKey }) { * } }',
    root: ownerOnly,
    rows: [['payment', ownerOnly]],
  },
  {
    as: 'author',
    ask: 'mutation { initiatePayment(input: { enrollmentId: $unpaidEnrollment, method: CARD, idempotencyKey: $newKey }) { * } }',
    root: nobodys,
    rows: [['payment', nobodys]],
  },
  {
    ask: 'mutation { refundPayment(input: { paymentId: $paid, reason: "Why." }) { * } }',
    root: involved,
    rows: [['payment', involved]],
  },
  {
    as: 'author',
    ask: 'mutation { refundPayment(input: { paymentId: $paid, reason: "Why." }) { * } }',
    root: authorsNot,
    rows: [['payment', authorsNot]],
  },
]

/** What the sandbox's bank does with a card. */
export interface Card {
  /** As somebody would type it: Stripe's test numbers where there is one that does the same. */
  number: string
  /** What it is for, on the sandbox's page. */
  title: string
  /** Where the payment is at once. */
  state: 'succeeded' | 'failed' | 'processing' | 'requires_action'
  /** Why, when it fails at once. */
  failure?: string
  /** What the bank decides later: see `outcomes` in bank.ts. `person`: whoever plays the payer says who they are. */
  outcome?: 'succeeded' | 'declined' | 'authentication_failed' | 'disputed' | 'person'
  /** After how many seconds, unless the request says otherwise. */
  afterSeconds?: number
  /** What goes wrong with the webhooks of the payment from then on. */
  mischief?: 'duplicate' | 'reversed' | 'lost'
}

/** The test cards. docs/payments-sandbox.md lists them. */
export const cards = {
  success: { number: '4242 4242 4242 4242', title: 'Pays at once', state: 'succeeded' },
  decline: { number: '4000 0000 0000 0002', title: 'Is declined', state: 'failed', failure: 'card_declined' },
  insufficient_funds: { number: '4000 0000 0000 9995', title: 'Has too little money', state: 'failed', failure: 'insufficient_funds' },
  three_d_secure: {
    number: '4000 0025 0000 3155',
    title: '3-D Secure: the bank asks whether it is you',
    state: 'requires_action',
    outcome: 'person',
  },
  three_d_secure_passed: {
    number: '4000 0000 0000 3220',
    title: '3-D Secure, passed by itself after a second',
    state: 'requires_action',
    outcome: 'succeeded',
    afterSeconds: 1,
  },
  three_d_secure_failed: {
    number: '4000 0084 0000 1629',
    title: '3-D Secure, failed by itself after a second',
    state: 'requires_action',
    outcome: 'authentication_failed',
    afterSeconds: 1,
  },
  delayed: {
    number: '4000 0000 0000 0077',
    title: 'Pays after 20 seconds',
    state: 'processing',
    outcome: 'succeeded',
    afterSeconds: 20,
  },
  delayed_decline: {
    number: '4000 0000 0000 0341',
    title: 'Is declined after 20 seconds',
    state: 'processing',
    outcome: 'declined',
    afterSeconds: 20,
  },
  duplicate_webhooks: {
    number: '4000 0000 0000 1000',
    title: 'Pays at once; each webhook comes three times',
    state: 'succeeded',
    mischief: 'duplicate',
  },
  reversed_webhooks: {
    number: '4000 0000 0000 1018',
    title: 'Pays at once; webhooks come last to first',
    state: 'succeeded',
    mischief: 'reversed',
  },
  lost_webhooks: { number: '4000 0000 0000 1026', title: 'Pays at once; no webhook comes', state: 'succeeded', mischief: 'lost' },
  dispute: {
    number: '4000 0000 0000 0259',
    title: 'Pays at once, and is disputed after two seconds',
    state: 'succeeded',
    outcome: 'disputed',
    afterSeconds: 2,
  },
} as const satisfies Record<string, Card>

export type CardName = keyof typeof cards

export const cardNames = Object.keys(cards) as [CardName, ...CardName[]]

export const failures: Readonly<Record<string, string>> = {
  card_declined: 'The card was declined.',
  insufficient_funds: 'There is not enough money on the card.',
  authentication_failed: 'The bank could not confirm that it was you.',
}

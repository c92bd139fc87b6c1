import { once } from 'node:events'
import { createServer } from 'node:http'
import { createApi, type Request } from './answer.ts'
import { createFaults, type Failing, type Fault } from './faults.ts'
import { rememberKeys } from './idempotency.ts'
import { settleIntent } from './intents.ts'
import { createPayer, type Payer } from './payer.ts'
import { changeDispute, endRefund, openDispute, type RefundOutcome } from './refunds.ts'
import { settleSession } from './sessions.ts'
import { deliver, type Endpoint } from './webhooks.ts'
import { createWorld, text, type StripeEventThing, type World } from './world.ts'

export interface StripeStub {
  url: string
  secretKey: string
  world: World
  payer: Payer
  /** What was asked of it, oldest first. */
  requests: readonly Request[]
  events: readonly StripeEventThing[]
  fail(request: string, fault: Fault, times?: number): Failing
  /** What Stripe does with idempotency keys after a day. */
  forgetKeys(): void
  /** What becomes of refunds from now on, at first. */
  refundsAre(outcome: RefundOutcome): void
  endRefund(id: string, status: 'succeeded' | 'failed' | 'canceled'): void
  /** A bank that was at work has decided. */
  settle(transactionId: string, isGood: boolean): void
  /** The payer's bank disputes a payment. Returns the dispute's id. */
  dispute(intentId: string, status?: string, amount?: number): string
  changeDispute(id: string, status: string): void
  /** Sends every event there from now on, as it happens; null sends none. */
  sendTo(endpoint: Endpoint | null): void
  /** Waits until everything that is on its way has arrived, and says which status each event was answered with. */
  delivered(): Promise<ReadonlyMap<string, number>>
  close(): Promise<void>
}

/** Stripe's HTTP API on this machine, as far as a school uses it: https://docs.stripe.com/api. */
export async function openStripe({ now = () => new Date() }: { now?: () => Date } = {}): Promise<StripeStub> {
  const world = createWorld(now)
  const faults = createFaults()
  const keys = rememberKeys()
  const requests: Request[] = []
  const events: StripeEventThing[] = []
  const sending = new Set<Promise<void>>()
  const answered = new Map<string, number>()
  const state: { refundOutcome: RefundOutcome; endpoint: Endpoint | null } = { refundOutcome: 'succeeded', endpoint: null }
  const secretKey = 'sk_test_stub_of_stripe'
  const publishableKey = 'pk_test_stub_of_stripe'

  world.onEvent = (event) => {
    events.push(event)
    if (!state.endpoint) return
    const sent = deliver(state.endpoint, event, now()).then((status) => {
      answered.set(event.id, status)
      sending.delete(sent)
    })
    sending.add(sent)
  }

  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  server.on(
    'request',
    createApi({ world, faults, keys, requests, url, secretKey, publishableKey, refundOutcome: () => state.refundOutcome }),
  )

  return {
    url,
    secretKey,
    world,
    payer: createPayer(url, publishableKey),
    requests,
    events,
    fail: faults.fail,
    forgetKeys: keys.forget,
    refundsAre: (outcome) => void (state.refundOutcome = outcome),
    endRefund: (id, status) => endRefund(world, world.get('refund', id), status),
    settle(id, isGood) {
      const isIntent = id.startsWith('pi_')
      if (isIntent) settleIntent(world, world.get('payment_intent', id), isGood)
      else settleSession(world, world.get('checkout.session', id), isGood)
    },
    dispute(id, status = 'needs_response', amount) {
      const intentId = id.startsWith('pi_') ? id : text(world.get('checkout.session', id)['payment_intent'])
      return openDispute(world, world.get('payment_intent', intentId), status, amount).id
    },
    changeDispute: (id, status) => changeDispute(world, world.get('dispute', id), status),
    sendTo: (endpoint) => void (state.endpoint = endpoint),
    async delivered() {
      while (sending.size > 0) await Promise.all(sending)
      return answered
    },
    async close() {
      state.endpoint = null
      await Promise.all(sending)
      server.close()
      server.closeAllConnections()
    },
  }
}

import { createHash } from 'node:crypto'
import type { SandboxFile } from '../../store/sandbox.ts'
import { ProviderRefused, type Provider, type RefundOrder } from '../provider.ts'
import { leftIn, readFile } from './books.ts'
import { paymentsBetween, noticesSince } from './ledger.ts'
import { sandboxRoutes } from './routes.ts'
import { tell } from './tell.ts'
import type { SandboxTools } from './tools.ts'
import { readWebhook, SIGNATURE_HEADER } from './webhooks.ts'
import { startWork, type Work } from './work.ts'

/**
 * A provider that moves no money, with test cards and a bank that anybody can play. It keeps its own books, which no other part of
 * payments reads, and tells of what happens by signed webhooks over HTTP, as any other does. docs/payments-sandbox.md.
 */
export function createSandbox(tools: SandboxTools): Provider {
  const { clock, random, secret, store } = tools
  let work: Work | undefined
  const wake = () => work?.wake()

  return {
    name: 'sandbox',

    async create(order) {
      const requestHash = hashOf([order.paymentId, order.method, order.price.amount, order.price.currency])
      await store().transaction(async (tx) => {
        const id = `sandbox_${random.id()}`
        const row = {
          id,
          key: order.key,
          requestHash,
          reference: order.paymentId,
          clientSecret: `${id}_secret_${random.bytes(24).toString('base64url')}`,
          method: order.method,
          amount: BigInt(order.price.amount),
          currency: order.price.currency,
          description: order.description,
          state: 'requires_action',
        }
        if (await tx.addSandboxPayment(row, clock.now())) await tell(tx, tools, { id, mischief: null }, ['payment.created'])
      })
      wake()
      const file = await store().sandboxFileOfKey(order.key)
      return readFile(requireSame(file?.payment, requestHash) && known(file))
    },

    async find(transactionId) {
      const file = await store().sandboxFile(transactionId)
      return file && readFile(file)
    },

    async cancel(transactionId) {
      const file = await store().transaction(async (tx) => {
        const { payment } = known(await tx.lockSandboxFile(transactionId))
        if (payment.state === 'requires_action' || payment.state === 'failed') {
          await tx.changeSandboxPayment(payment.id, { state: 'canceled', failure: null, outcome: null, settlesAt: null }, clock.now())
          await tell(tx, tools, payment, ['payment.canceled'])
        }
        return known(await tx.sandboxFile(transactionId))
      })
      wake()
      return readFile(file)
    },

    async refund(order) {
      const file = await giveBack(tools, order)
      wake()
      return readFile(file)
    },

    readWebhook: (body, headers, now) => readWebhook(body, headers[SIGNATURE_HEADER], secret, now),

    async subjectOf({ subject }) {
      const file = await store().sandboxFile(subject)
      return file && readFile(file)
    },

    noticesSince: (since) => noticesSince(store, since),
    paymentsBetween: (from, to) => paymentsBetween(store, from, to),

    routes: (app) => sandboxRoutes(app, tools, wake),
    start(ownUrl) {
      work = startWork(tools, ownUrl)
    },
    close: async () => work?.close(),
  }
}

async function giveBack(tools: SandboxTools, { key, price, refundId, transactionId }: RefundOrder): Promise<SandboxFile> {
  const { clock, random, store } = tools
  const requestHash = hashOf([refundId, transactionId, price.amount, price.currency])
  return store().transaction(async (tx) => {
    const file = known(await tx.lockSandboxFile(transactionId))
    const { payment, refunds, disputes } = file
    const before = refunds.find((refund) => refund.key === key)
    if (before) {
      requireSame(before, requestHash)
      return file
    }
    if (payment.state !== 'succeeded') throw new ProviderRefused('not_paid', 'the payment was not made')
    if (payment.currency !== price.currency) throw new ProviderRefused('currency_mismatch', 'it was paid in another currency')
    if (disputes.some(({ state }) => state === 'open')) throw new ProviderRefused('charge_disputed', 'the payment is disputed')
    const amount = BigInt(price.amount)
    if (amount > leftIn(file)) throw new ProviderRefused('amount_too_large', 'that is more than is left')
    const id = `sandbox_refund_${random.id()}`
    await tx.addSandboxRefund({ id, paymentId: payment.id, key, requestHash, reference: refundId, amount, state: 'succeeded' }, clock.now())
    await tell(tx, tools, payment, ['refund.created', 'refund.succeeded'])
    return known(await tx.sandboxFile(transactionId))
  })
}

function known(file: SandboxFile | null): SandboxFile {
  if (!file) throw new ProviderRefused('resource_missing', 'the sandbox does not know the payment')
  return file
}

// A key that came with something else before would get an answer to another question.
function requireSame(before: { requestHash: Uint8Array } | undefined, requestHash: Buffer): true {
  if (before && !Buffer.from(before.requestHash).equals(requestHash)) {
    throw new ProviderRefused('idempotency_conflict', 'the key came with something else before')
  }
  return true
}

function hashOf(parts: readonly (string | number)[]): Buffer<ArrayBuffer> {
  return createHash('sha256').update(JSON.stringify(parts)).digest()
}

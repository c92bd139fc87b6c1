import { createHash } from 'node:crypto'
import { DomainError } from '@stellr/kit'
import type { FastifyInstance } from 'fastify'
import type { Backstage, Services } from '../context.ts'
import { readReceiptQuery, RECEIPTS_PATH } from './address.ts'
import { createDrawingRoom, type DrawingRoom } from './drawing-room.ts'
import { receiptFacts, type ReceiptFacts } from './facts.ts'

// Raised when a receipt is to look otherwise, so that nobody keeps the old one.
const LAYOUT = 1

interface Tools extends Pick<Backstage, 'clock' | 'store'> {
  services: Pick<Services, 'receiptIssuer' | 'receiptKey'>
}

/** Receipts as PDF, at the signed addresses that `Receipt.pdfUrl` gives out. */
export function receiptRoutes(app: FastifyInstance, backstage: () => Tools, drawings: DrawingRoom = createDrawingRoom()): void {
  app.addHook('onClose', () => drawings.close())
  app.get<{ Querystring: Record<string, unknown> }>(RECEIPTS_PATH, async (request, reply) => {
    const { clock, services, store } = backstage()
    const paymentId = readReceiptQuery(request.query, { clock, key: services.receiptKey })
    const facts = await factsOf(paymentId, { services, store })
    const tag = tagOf(facts)
    void reply.header('cache-control', 'private, no-cache').header('etag', tag).header('x-content-type-options', 'nosniff')
    if (request.headers['if-none-match'] === tag) return reply.code(304).send()
    const pdf = await drawings.draw(facts)
    return reply.type('application/pdf').header('content-disposition', `attachment; filename="receipt-${facts.number}.pdf"`).send(pdf)
  })
}

async function factsOf(paymentId: string, { services, store }: Pick<Tools, 'services' | 'store'>): Promise<ReceiptFacts> {
  const [receipt, payment] = await Promise.all([store.receipt(paymentId), store.findPayment(paymentId)])
  if (!receipt || !payment) throw new DomainError('NOT_FOUND')
  return receiptFacts({ receipt, payment, payer: await store.findPayer(payment.userId), issuer: services.receiptIssuer })
}

function tagOf(facts: ReceiptFacts): string {
  return `"${createHash('sha256')
    .update(JSON.stringify([LAYOUT, facts]))
    .digest('base64url')}"`
}

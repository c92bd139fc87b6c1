import { systemRandom, type Viewer } from '@stellr/kit'
import { vi } from 'vitest'
import type { Act } from '../../../subgraphs/payments/src/providers/sandbox/bank.ts'
import { secretOf } from '../../../subgraphs/payments/src/testing/play.ts'
import type { Reply } from '../client.ts'
import { judgeReply } from '../faults/load.ts'
import type { Shop, ShopPart } from './shop.ts'

export interface Begun {
  id: string
  status: string
  transactionId: string | null
  clientSecret: string | null
  checkoutUrl: string | null
}

const shown = 'payment { id status transactionId clientSecret checkoutUrl refunded { amount } refunds { id status } }'
const mutations = {
  enroll: ['enrollments', 'EnrollInput', 'enrollment { id status }'],
  dropEnrollment: ['enrollments', 'DropEnrollmentInput', 'enrollment { id status }'],
  initiatePayment: ['payments', 'InitiatePaymentInput', shown],
  refundPayment: ['payments', 'RefundPaymentInput', shown],
} as const satisfies Record<string, readonly [ShopPart, string, string]>

export type Mutation = keyof typeof mutations

/** Asks once. */
export function send(shop: Shop, viewer: Viewer, name: Mutation, input: object): Promise<Reply> {
  const [part, type, selection] = mutations[name]
  return shop.ask(part, viewer, `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`, { input })
}

/**
 * Asks as a device does, again and again, the same until there is an answer. What is refused with a code of `unless` may be
 * allowed later, and is asked again too. Throws when it is refused otherwise.
 */
export async function insist(shop: Shop, viewer: Viewer, name: Mutation, input: object, unless: readonly string[] = []): Promise<Reply> {
  return vi.waitUntil(async () => {
    const [settled] = await Promise.allSettled([send(shop, viewer, name, input)])
    const outcome = judgeReply(settled)
    if (settled.status === 'rejected' || outcome === 'unknown') return null
    const { codes, text } = settled.value
    if (outcome === 'ok') return settled.value
    if (codes.every((code) => again.includes(String(code)) || unless.includes(String(code)))) return null
    throw new Error(`${name} was refused: ${text}`)
  }, patience)
}

/** Plays the payer or their bank at the sandbox until that is done; what it does not allow any more was done by an attempt that nobody heard the end of. */
export async function play(shop: Shop, { clientSecret, checkoutUrl }: Begun, act: Act): Promise<void> {
  const body = JSON.stringify({ clientSecret: clientSecret ?? secretOf(checkoutUrl), ...act })
  const headers = { 'content-type': 'application/json' }
  await vi.waitUntil(async () => {
    const reply = await fetch(`${shop.urls.payments}/sandbox/payments`, { method: 'POST', headers, body }).catch(() => null)
    await reply?.arrayBuffer().catch(() => null)
    return reply !== null && (reply.ok || reply.status === 409)
  }, patience)
}

// Nobody knows, and the key is good again; or the passport was too old when a process that had just started read it.
const again = ['PROVIDER_UNAVAILABLE', 'UNAUTHENTICATED']

// Whoever asks last meets as many deaths as there are kills.
const patience = { timeout: 300_000, interval: 50 }

export const newKey = () => systemRandom.id()

/** The id of an enrollment that waits to be paid. */
export async function enroll(shop: Shop, viewer: Viewer, courseId: string): Promise<string> {
  return (await insist(shop, viewer, 'enroll', { courseId })).data.enroll.enrollment.id
}

/** A payment that was begun for it. */
export async function begin(shop: Shop, viewer: Viewer, enrollmentId: string, method: 'CARD' | 'CHECKOUT' = 'CARD'): Promise<Begun> {
  const input = { enrollmentId, method, idempotencyKey: newKey() }
  // Payments hears of enrollments by events: while one of them is dead, that takes longer than anybody is kept waiting.
  return (await insist(shop, viewer, 'initiatePayment', input, ['NOT_FOUND'])).data.initiatePayment.payment
}

export async function statusOf(shop: Shop, part: ShopPart, id: string): Promise<string> {
  const table = part === 'payments' ? 'payment' : 'enrollment'
  const [row] = await shop.sql<{ status: string }>(part, `SELECT status::text FROM ${table} WHERE id = $1`, [id])
  return row?.status ?? 'none'
}

/** Waits, a minute at most. */
export async function until(shop: Shop, part: ShopPart, id: string, ...statuses: readonly string[]): Promise<void> {
  await vi.waitUntil(async () => statuses.includes(await statusOf(shop, part, id)), patience)
}

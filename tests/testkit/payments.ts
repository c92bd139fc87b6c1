import { vi } from 'vitest'
import { buy } from '../guarantees/classroom.ts'
import { playCard } from '../../subgraphs/payments/src/testing/play.ts'
import { must } from './courses.ts'
import type { Person } from './school.ts'

/** Pays for an enrollment, and waits until it is known what came of it. */
export async function pay(payer: Person, enrollmentId: string, card: 'success' | 'decline' = 'success'): Promise<{ id: string }> {
  const payment = await buy(payer, enrollmentId)
  await playCard(payer.client.url, payment.clientSecret, card)
  const wanted = card === 'success' ? 'COMPLETED' : 'FAILED'
  await vi.waitUntil(async () => (await statusOf(payer, payment.id)) === wanted, { timeout: 20_000, interval: 20 })
  return { id: payment.id }
}

export async function statusOf(payer: Person, paymentId: string): Promise<string> {
  return (await must(payer.client.query('query ($id: ID) { payment(id: $id) { status } }', { id: paymentId }))).payment.status
}

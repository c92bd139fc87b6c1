import { expect } from 'vitest'
import { buy } from '../guarantees/classroom.ts'
import { must } from './courses.ts'
import type { Person } from './school.ts'

/** The sandbox's cards, by what becomes of a payment. */
export type Card = 'success' | 'decline'

/** Pays for an enrollment, and waits until it is known what came of it. */
export async function pay(payer: Person, enrollmentId: string, card: Card = 'success'): Promise<{ id: string }> {
  const payment = await buy(payer, enrollmentId)
  await playCard(payer.client.url, payment.clientSecret, card)
  await expect.poll(() => statusOf(payer, payment.id), { timeout: 20_000, interval: 20 }).toBe(card === 'success' ? 'COMPLETED' : 'FAILED')
  return { id: payment.id }
}

export async function statusOf(payer: Person, paymentId: string): Promise<string> {
  return (await must(payer.client.query('query ($id: ID) { payment(id: $id) { status } }', { id: paymentId }))).payment.status
}

import { vi } from 'vitest'
import { playCard, type CardName } from '../../subgraphs/payments/src/testing/play.ts'
import { buy } from '../guarantees/classroom.ts'
import { createClient } from './client.ts'
import { must } from './courses.ts'
import type { Person } from './school.ts'

/** Pays for an enrollment, and waits until it is known what came of it. */
export async function pay(payer: Person, enrollmentId: string, card: 'success' | 'decline' = 'success'): Promise<{ id: string }> {
  const payment = await buy(payer, enrollmentId)
  await payWith(payer, payment, card, card === 'success' ? 'COMPLETED' : 'FAILED')
  return { id: payment.id }
}

/** Pays with one of the sandbox's cards, and waits until the payment has this status. What the bank takes its time for waits to be decided. */
export async function payWith(
  payer: Person,
  { id, clientSecret }: { id: string; clientSecret: string | null },
  card: CardName,
  status: string,
): Promise<void> {
  await playCard(payer.client.url, clientSecret, card, card.startsWith('delayed') ? 3600 : undefined)
  await untilPayment(payer, id, status)
}

export async function untilPayment(payer: Person, paymentId: string, status: string): Promise<void> {
  await untilIs(status, () => statusOf(payer, paymentId))
}

export async function untilEnrollment(learner: Person, enrollmentId: string, status: string): Promise<void> {
  const text = 'query ($id: ID!) { enrollment(id: $id) { status } }'
  await untilIs(status, async () => (await must(offstage(learner).query(text, { id: enrollmentId }))).enrollment.status)
}

async function statusOf(payer: Person, paymentId: string): Promise<string> {
  return (await must(offstage(payer).query('query ($id: ID) { payment(id: $id) { status } }', { id: paymentId }))).payment.status
}

/** The same person, off the transcript: how often something must be asked is a matter of milliseconds. */
export function offstage({ accessToken, client }: Person) {
  return createClient(client.url, accessToken)
}

async function untilIs(wanted: string, ask: () => Promise<string>): Promise<void> {
  await vi.waitUntil(async () => (await ask()) === wanted, { timeout: 20_000, interval: 20 })
}

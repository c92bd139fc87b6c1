import type { Act } from '../providers/sandbox/bank.ts'
import type { CardName } from '../providers/sandbox/cards.ts'

export type { CardName } from '../providers/sandbox/cards.ts'

/** Pays with one of the sandbox's cards, as an app would. Throws when the sandbox refuses. */
export async function playCard(url: string, clientSecret: string | null, card: CardName, afterSeconds?: number): Promise<void> {
  await playSandbox(url, clientSecret, { act: 'pay', card, afterSeconds })
}

/** Plays the payer, or the payer's bank. */
export async function playSandbox(url: string, clientSecret: string | null, act: Act): Promise<void> {
  const reply = await fetch(`${url}/sandbox/payments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ clientSecret, ...act }),
  })
  if (!reply.ok) throw new Error(`the sandbox answers ${reply.status}: ${await reply.text()}`)
}

/** The client secret within the address of the sandbox's page. */
export function secretOf(checkoutUrl: string | null): string {
  return new URL(checkoutUrl ?? '', 'http://here').searchParams.get('payment') ?? ''
}

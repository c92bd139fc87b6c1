import { isUtf8 } from 'node:buffer'
import { Stripe } from 'stripe'
import { WebhookRefused, type ProviderNotice } from '../provider.ts'
import { requireRecent, TOLERANCE_SECONDS } from '../recent.ts'
import { noticeOf } from './notices.ts'
import { event } from './shapes.ts'

/**
 * What a webhook says. It must be signed with one of the secrets over its very bytes, and lately: two secrets are good while one is
 * being replaced. Throws WebhookRefused, whose message says nothing of what was sent.
 */
export function readWebhook(body: Buffer, signature: string | undefined, secrets: readonly string[], now: Date): ProviderNotice {
  // What is no text would be read as another text than was signed.
  if (signature === undefined || !isUtf8(body)) throw new WebhookRefused('it has no signature, or is no text')
  // The SDK has nothing against the future, and of several times it takes the last.
  requireRecent(signature, now)
  const text = body.toString('utf8')
  const signed = secrets.some((secret) => isSigned(text, signature, secret, now))
  if (!signed) throw new WebhookRefused('it is not signed by Stripe')
  const read = event.safeParse(parsed(text))
  if (!read.success) throw new WebhookRefused('it is no event')
  return noticeOf(read.data)
}

function isSigned(text: string, signature: string, secret: string, now: Date): boolean {
  try {
    return Stripe.webhooks.signature?.verifyHeader(text, signature, secret, TOLERANCE_SECONDS, undefined, now.getTime()) === true
  } catch {
    return false
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new WebhookRefused('it is not JSON')
  }
}

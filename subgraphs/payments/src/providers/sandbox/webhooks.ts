import { createHmac, timingSafeEqual } from 'node:crypto'
import { isUtf8 } from 'node:buffer'
import { z } from 'zod'
import type { SandboxEvent } from '../../store/sandbox.ts'
import { WebhookRefused, type ProviderNotice } from '../provider.ts'
import { requireRecent } from '../recent.ts'

/** The header that a webhook of the sandbox is signed in, in the form of Stripe's. */
export const SIGNATURE_HEADER = 'sandbox-signature'

const body = z.object({ id: z.uuid(), type: z.string().min(1).max(100), created: z.iso.datetime(), payment: z.string().min(1).max(100) })

/** A webhook as it is sent: its bytes, and what signs them. */
export function writeWebhook(event: SandboxEvent, secret: Uint8Array, now: Date): { body: string; signature: string } {
  const text = JSON.stringify({ id: event.id, type: event.type, created: event.createdAt.toISOString(), payment: event.paymentId })
  const time = Math.floor(now.getTime() / 1000)
  return { body: text, signature: `t=${time},v1=${sign(`${time}.${text}`, secret).toString('hex')}` }
}

/** What a webhook says. Throws WebhookRefused unless it is signed with the secret over its very bytes, and lately. */
export function readWebhook(bytes: Buffer, signature: string | undefined, secret: Uint8Array, now: Date): ProviderNotice {
  if (signature === undefined || !isUtf8(bytes)) throw new WebhookRefused('it has no signature, or is no text')
  requireRecent(signature, now)
  const [, time, given] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(signature) ?? []
  const text = bytes.toString('utf8')
  if (given === undefined || !timingSafeEqual(Buffer.from(given, 'hex'), sign(`${time}.${text}`, secret))) {
    throw new WebhookRefused('it is not signed by the sandbox')
  }
  const read = body.safeParse(parsed(text))
  if (!read.success) throw new WebhookRefused('it is no event')
  const { id, type, created, payment } = read.data
  return { id, type, at: new Date(created), subject: payment }
}

export function noticeOf({ id, type, createdAt, paymentId }: SandboxEvent): ProviderNotice {
  return { id, type, at: createdAt, subject: paymentId }
}

function sign(text: string, secret: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(text).digest()
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new WebhookRefused('it is not JSON')
  }
}

import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Caller } from '../subgraph.ts'
import type { Viewer } from './viewer.ts'

/** The header in which the router tells a subgraph who is asking. */
export const PASSPORT_HEADER = 'x-stellr-passport'

// With the second that a router may need to hear of a revocation, a subgraph asked directly closes within five.
const LIFETIME_MS = 2000
const CLOCK_SKEW_MS = 2000

export interface PassportOptions {
  /** The subgraph that it is for; no other accepts it. */
  audience: string
  viewer: Viewer
  caller: Caller
  /** The request body, byte for byte: a passport is good for this one body. */
  body: Buffer | string
}

const viewer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('anonymous') }),
  z.object({
    kind: z.literal('user'),
    id: z.uuid(),
    role: z.enum(['STUDENT', 'INSTRUCTOR', 'ADMIN']),
    scopes: z.array(z.string()).readonly(),
    sessionId: z.uuid(),
  }),
  z.object({ kind: z.literal('service'), name: z.string().min(1) }),
])
const claims = z.object({
  audience: z.string(),
  viewer,
  caller: z.object({ ipAddress: z.string().nullable(), userAgent: z.string().nullable(), publicUrl: z.string().optional() }),
  /** Of the body. */
  digest: z.string(),
  /** Milliseconds since 1970. */
  issuedAt: z.int(),
})

/** The passport is missing, forged, too old, for somebody else, or for another body. Says no more to whoever sent it. */
export class PassportError extends Error {
  override name = 'PassportError'
}

/** One subgraph's key, derived from the platform's secret (HKDF-SHA256, RFC 5869): knowing one key gives no other. */
export function derivePassportKey(secret: string, audience: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, 'stellr', `passport:${audience}`, 32))
}

/**
 * A signed statement of who is asking, valid for two seconds and two more for clock skew: claims and their HMAC-SHA256, both
 * in base64url. It is made and read for every fetch, where a JWT by WebCrypto cost a tenth of the request; and it names no
 * algorithm that somebody could change.
 */
export function issuePassport(key: Uint8Array, { audience, viewer: who, caller, body }: PassportOptions, now: Date): string {
  const stated: z.input<typeof claims> = { audience, viewer: who, caller, digest: digestOf(body), issuedAt: now.getTime() }
  const text = Buffer.from(JSON.stringify(stated)).toString('base64url')
  return `${text}.${sign(key, text).toString('base64url')}`
}

/** Who is asking, when the passport proves it for this audience and this body. Throws PassportError otherwise. */
export function verifyPassport(
  key: Uint8Array,
  passport: string | undefined,
  audience: string,
  body: Buffer | string,
  now: Date,
): { viewer: Viewer; caller: Caller } {
  if (passport === undefined) throw new PassportError('no passport')
  const [text = '', signature = ''] = passport.split('.', 2)
  const [given, expected] = [Buffer.from(signature, 'base64url'), sign(key, text)]
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new PassportError('not signed with this key')
  const stated = claims.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
  if (stated.audience !== audience) throw new PassportError('made for another subgraph')
  const age = now.getTime() - stated.issuedAt
  if (age > LIFETIME_MS + CLOCK_SKEW_MS || age < -CLOCK_SKEW_MS) throw new PassportError('too old, or from the future')
  if (stated.digest !== digestOf(body)) throw new PassportError('made for another body')
  return { viewer: stated.viewer, caller: stated.caller }
}

function sign(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function digestOf(body: Buffer | string): string {
  return createHash('sha256').update(body).digest('base64url')
}

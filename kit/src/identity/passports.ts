import { createHash, hkdfSync } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import type { Caller } from '../subgraph.ts'
import type { Viewer } from './viewer.ts'

/** The header in which the router tells a subgraph who is asking. */
export const PASSPORT_HEADER = 'x-stellr-passport'

const LIFETIME_SECONDS = 3
const CLOCK_SKEW_SECONDS = 2
const ISSUER = 'stellr:router'
const TYPE = 'passport+jwt'

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
    scopes: z.array(z.string()),
    sessionId: z.uuid(),
  }),
  z.object({ kind: z.literal('service'), name: z.string().min(1) }),
])
const claims = z.object({
  viewer,
  caller: z.object({ ipAddress: z.string().nullable(), userAgent: z.string().nullable() }),
  body: z.string(),
})

/** The passport is missing, forged, too old, for somebody else, or for another body. Says no more to whoever sent it. */
export class PassportError extends Error {
  override name = 'PassportError'
}

/** One subgraph's key, derived from the platform's secret (HKDF-SHA256, RFC 5869): knowing one key gives no other. */
export function derivePassportKey(secret: string, audience: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, 'stellr', `passport:${audience}`, 32))
}

/** A short signed statement (JWS, HS256) of who is asking; valid for three seconds, and two more for clock skew. */
export async function issuePassport(key: Uint8Array, options: PassportOptions, now: Date): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1000)
  return new SignJWT({ viewer: options.viewer, caller: options.caller, body: digest(options.body) })
    .setProtectedHeader({ alg: 'HS256', typ: TYPE })
    .setIssuer(ISSUER)
    .setAudience(options.audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFETIME_SECONDS)
    .sign(key)
}

/** Who is asking, when the passport proves it for this audience and this body. Throws PassportError otherwise. */
export async function verifyPassport(
  key: Uint8Array,
  passport: string | undefined,
  audience: string,
  body: Buffer | string,
  now: Date,
): Promise<{ viewer: Viewer; caller: Caller }> {
  if (passport === undefined) throw new PassportError('no passport')
  const proven = await jwtVerify(passport, key, {
    algorithms: ['HS256'],
    typ: TYPE,
    issuer: ISSUER,
    audience,
    clockTolerance: CLOCK_SKEW_SECONDS,
    requiredClaims: ['iat', 'exp'],
    currentDate: now,
  }).catch((cause: unknown) => {
    throw new PassportError('not a valid passport', { cause })
  })
  const parsed = claims.safeParse(proven.payload)
  if (!parsed.success) throw new PassportError('not the claims of a passport', { cause: parsed.error })
  if (parsed.data.body !== digest(body)) throw new PassportError('made for another body')
  return { viewer: parsed.data.viewer, caller: parsed.data.caller }
}

function digest(body: Buffer | string): string {
  return createHash('sha256').update(body).digest('base64url')
}

import { createBoundedCache, type Clock, type UserViewer } from '@stellr/kit'
import { errors, jwtVerify, type CryptoKey } from 'jose'
import { z } from 'zod'
import type { SigningKeys } from './signing-keys.ts'

/** What an access token proves. */
export interface Proof {
  viewer: UserViewer
  /** The account's token version when it was signed. */
  ver: number
  /** The key that it was signed with, and its id. */
  kid: string
  key: CryptoKey
  /** Seconds since 1970, both. */
  notBefore: number
  expiresAt: number
}

export interface AccessTokens {
  /** What the token proves; null when it is forged, expired, not yet valid, or not an access token of ours. */
  verify(token: string): Promise<Proof | null>
  /** Whether what a token proved still holds: it has not expired since, and its key is still in use. */
  stillHolds(proof: Proof): boolean
}

const AUDIENCE = 'stellr'
const TYPE = 'at+jwt'
/** How far the clocks of auth and router may differ. */
const CLOCK_SKEW_SECONDS = 2
const MOST_REMEMBERED = 10_000
/** No token of ours is longer, and a longer one would only fill memory. */
const LONGEST_TOKEN = 4096

const claims = z.object({
  sub: z.uuid(),
  sid: z.uuid(),
  role: z.enum(['STUDENT', 'INSTRUCTOR', 'ADMIN']),
  scope: z.string(),
  ver: z.number().int(),
  exp: z.number(),
  nbf: z.number().default(0),
})

/**
 * Verifies access tokens (RFC 9068). The algorithm is EdDSA whatever the token says. A token that was verified before is
 * remembered, so that a signature is computed once and not with every request; times and the key are checked each time.
 */
export function createAccessTokens(issuer: string, keys: SigningKeys, clock: Clock): AccessTokens {
  const remembered = createBoundedCache<string, Proof>(MOST_REMEMBERED)

  const prove = async (token: string): Promise<Proof> => {
    let used: { kid: string; key: CryptoKey } | undefined
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = typeof kid === 'string' ? await keys.find(kid) : null
        if (!key || typeof kid !== 'string') throw new errors.JWKSNoMatchingKey()
        used = { kid, key }
        return key
      },
      {
        algorithms: ['EdDSA'],
        typ: TYPE,
        issuer,
        audience: AUDIENCE,
        clockTolerance: CLOCK_SKEW_SECONDS,
        requiredClaims: ['iat', 'exp'],
        currentDate: clock.now(),
      },
    )
    const { sub, sid, role, scope, ver, exp, nbf } = claims.parse(payload)
    if (!used) throw new errors.JWKSNoMatchingKey()
    const viewer: UserViewer = { kind: 'user', id: sub, role, scopes: scope.split(' ').filter(Boolean), sessionId: sid }
    return { viewer, ver, notBefore: nbf, expiresAt: exp, ...used }
  }

  const stillHolds = ({ kid, key, notBefore, expiresAt }: Proof) => {
    const now = clock.now().getTime() / 1000
    return now < expiresAt + CLOCK_SKEW_SECONDS && now >= notBefore - CLOCK_SKEW_SECONDS && keys.holds(kid, key)
  }

  return {
    stillHolds,
    async verify(token) {
      if (token.length > LONGEST_TOKEN) return null
      const known = remembered.get(token)
      if (known) {
        if (stillHolds(known)) return known
        remembered.delete(token)
        return null
      }
      try {
        const proof = await prove(token)
        remembered.set(token, proof)
        return proof
      } catch (reason) {
        if (reason instanceof errors.JOSEError || reason instanceof z.ZodError) return null
        throw reason
      }
    },
  }
}

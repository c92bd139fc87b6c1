import { plusSeconds, type Clock, type Logger } from '@stellr/kit'
import { importJWK, type CryptoKey } from 'jose'
import { z } from 'zod'
import type { AskAuth } from './ask-auth.ts'

export interface SigningKeys {
  /** The public key of this id; null when auth publishes none. Asks auth about an unknown id at most once in 30 s. */
  find(kid: string): Promise<CryptoKey | null>
  /** Whether a token that was verified with this very key may still be believed. */
  holds(kid: string, key: CryptoKey): boolean
  /** Asks auth for its keys, which replace those known so far. Rejects when it does not answer. */
  refresh(): Promise<void>
  /** Whether auth has answered at least once. */
  readonly known: boolean
}

const OPERATION = 'query RouterSigningKeys { signingKeys }'
const UNKNOWN_KEY_PAUSE_SECONDS = 30

const answer = z.object({ signingKeys: z.string() })
const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string(), crv: z.string().optional(), kid: z.string().optional() })) })

/** Auth's public keys (RFC 7517). Whatever a token's header says of keys elsewhere (jku, x5u, jwk) is never looked at. */
export function createSigningKeys(ask: AskAuth, clock: Clock, log: Logger): SigningKeys {
  let keys: ReadonlyMap<string, CryptoKey> | null = null
  let asking: Promise<void> | null = null
  let askAgainAt = clock.now()

  const load = async () => {
    const { signingKeys } = answer.parse(await ask(OPERATION, {}))
    const loaded = new Map<string, CryptoKey>()
    for (const jwk of keySet.parse(JSON.parse(signingKeys)).keys) {
      if (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519' || jwk.kid === undefined) continue
      const known = keys?.get(jwk.kid)
      const key = known ?? (await importJWK(jwk, 'EdDSA'))
      if (!(key instanceof Uint8Array)) loaded.set(jwk.kid, key)
    }
    keys = loaded
  }
  const refresh = () => {
    asking ??= load().finally(() => {
      asking = null
    })
    return asking
  }
  return {
    async find(kid) {
      const key = keys?.get(kid)
      if (key) return key
      if (clock.now() >= askAgainAt) {
        // Set before asking: a flood of made-up ids must not become a flood of questions.
        askAgainAt = plusSeconds(clock.now(), UNKNOWN_KEY_PAUSE_SECONDS)
        await refresh().catch((err: unknown) => log.warn({ err }, 'auth did not give its signing keys'))
      } else {
        await asking?.catch(() => undefined)
      }
      return keys?.get(kid) ?? null
    },
    holds: (kid, key) => keys?.get(kid) === key,
    refresh,
    get known() {
      return keys !== null
    },
  }
}

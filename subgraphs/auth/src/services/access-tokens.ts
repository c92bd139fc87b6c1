import type { Clock, Random } from '@stellr/kit'
import { SignJWT } from 'jose'
import type { Settings } from '../config.ts'
import type { AccountRow } from '../models.ts'
import { scopesOf } from '../policy.ts'
import type { SigningKeys } from './signing-keys.ts'

export const AUDIENCE = 'stellr'

export interface AccessTokens {
  /** A token that says who is signed in and what they may do. `expiresIn` is in seconds. */
  sign(
    account: Pick<AccountRow, 'id' | 'role' | 'status' | 'tokenVersion'>,
    sessionId: string,
  ): Promise<{ accessToken: string; expiresIn: number }>
}

/** JWTs as of RFC 9068, signed with EdDSA. `ver` is the account's token version: raising that one refuses all before. */
export function createAccessTokens(settings: Settings, keys: SigningKeys, clock: Clock, random: Random): AccessTokens {
  return {
    async sign({ id, role, status, tokenVersion }, sessionId) {
      const { kid, privateKey } = await keys.current()
      const issuedAt = Math.floor(clock.now().getTime() / 1000)
      const accessToken = await new SignJWT({ sid: sessionId, role, scope: scopesOf(role, status).join(' '), ver: tokenVersion })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid })
        .setIssuer(settings.issuer)
        .setAudience(AUDIENCE)
        .setSubject(id)
        .setJti(random.id())
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt)
        .setExpirationTime(issuedAt + settings.accessTokenSeconds)
        .sign(privateKey)
      return { accessToken, expiresIn: settings.accessTokenSeconds }
    },
  }
}

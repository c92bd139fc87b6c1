import type { Limiter, ServiceTools } from '@stellr/kit'
import type { Settings } from './config.ts'
import { createAccessTokens, type AccessTokens } from './services/access-tokens.ts'
import { createLimits } from './services/limits.ts'
import { createPasswords, type Passwords } from './services/passwords.ts'
import { createRefreshTokens, type RefreshTokens } from './services/refresh-tokens.ts'
import { createSigningKeys, type SigningKeys } from './services/signing-keys.ts'
import type { Store } from './store.ts'

/** What the use cases share within a process. */
export interface Services {
  settings: Settings
  passwords: Passwords
  keys: SigningKeys
  accessTokens: AccessTokens
  refreshTokens: RefreshTokens
  limits: Limiter
}

export async function createServices(tools: ServiceTools<Settings, Store>): Promise<Services> {
  const { settings, clock, random } = tools
  const keys = createSigningKeys(tools)
  return {
    settings,
    keys,
    passwords: await createPasswords({ concurrency: settings.passwordConcurrency, random }),
    accessTokens: createAccessTokens(settings, keys, clock, random),
    refreshTokens: createRefreshTokens(settings.secret, random),
    limits: createLimits(settings),
  }
}

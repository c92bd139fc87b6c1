import { createHash } from 'node:crypto'
import { createLimiter, type Caller, type Limiter } from '@stellr/kit'
import type { Settings } from '../config.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE

export function createLimits(settings: Settings): Limiter {
  return createLimiter({
    registerPerAddress: { points: settings.registerPerAddress, seconds: HOUR },
    loginPerAddress: { points: settings.loginPerAddress, seconds: 15 * MINUTE },
    loginPerAccount: { points: settings.loginPerAccount, seconds: 15 * MINUTE },
    refreshPerAddress: { points: settings.refreshPerAddress, seconds: MINUTE },
    refreshPerSession: { points: settings.refreshPerSession, seconds: MINUTE },
    passwordChecksPerAccount: { points: settings.passwordChecksPerAccount, seconds: 15 * MINUTE },
    sessionChangesPerUser: { points: settings.sessionChangesPerUser, seconds: MINUTE },
    adminChangesPerAdmin: { points: settings.adminChangesPerAdmin, seconds: MINUTE },
  })
}

/** Counts all whose address is not known as one. */
export function addressOf({ ipAddress }: Caller): string {
  return ipAddress ?? 'unknown'
}

/** A key of bounded size for text of any: what people type is not kept in memory. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { createLimiter, DomainError, type Caller, type Limiter } from '@stellr/kit'
import type { Settings } from '../config.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE

export function createLimits(settings: Settings): Limiter {
  return createLimiter({
    registerPerAddress: { points: settings.registerPerAddress, seconds: HOUR },
    loginPerAddress: { points: settings.loginPerAddress, seconds: 15 * MINUTE },
    loginPerIdentifier: { points: settings.loginPerAccount, seconds: 15 * MINUTE },
    loginPerAccount: { points: settings.loginPerAccount, seconds: 15 * MINUTE },
    refreshPerAddress: { points: settings.refreshPerAddress, seconds: MINUTE },
    refreshPerSession: { points: settings.refreshPerSession, seconds: MINUTE },
    passwordChecksPerAccount: { points: settings.passwordChecksPerAccount, seconds: 15 * MINUTE },
    sessionChangesPerUser: { points: settings.sessionChangesPerUser, seconds: MINUTE },
    adminChangesPerAdmin: { points: settings.adminChangesPerAdmin, seconds: MINUTE },
  })
}

/** Counts an attempt as `spend` does, and answers whether it is within the limit: for when RATE_LIMITED would tell too much. */
export async function spendQuietly(limits: Limiter, name: string, key: string): Promise<boolean> {
  try {
    await limits.spend(name, key)
    return true
  } catch (error) {
    if (error instanceof DomainError && error.code === 'RATE_LIMITED') return false
    throw error
  }
}

/** Whom to count an attempt for: all whose address is not known are one, and so is a customer's whole IPv6 network (/64). */
export function addressOf({ ipAddress }: Caller): string {
  if (ipAddress === null) return 'unknown'
  const mapped = /^::ffff:([\d.]+)$/i.exec(ipAddress)?.[1]
  return mapped ?? (isIPv6(ipAddress) ? networkOf(ipAddress) : ipAddress)
}

function networkOf(address: string): string {
  const [head = '', tail = ''] = address.toLowerCase().split('::')
  const [left, right] = [head, tail].map((part) => part.split(':').filter(Boolean))
  const gap = Array.from({ length: 8 - (left?.length ?? 0) - (right?.length ?? 0) }, () => '0')
  return [...(left ?? []), ...gap, ...(right ?? [])].slice(0, 4).join(':')
}

/** A key of bounded size for text of any: what people type is not kept in memory. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

import { domains } from '@stellr/schema'
import { z } from 'zod'
import { UsageError } from './command.ts'

/** Exactly these many positional arguments. */
export function exactly(positionals: readonly string[], names: readonly string[]): string[] {
  if (positionals.length > names.length) throw new UsageError(`One argument too many: ${positionals[names.length]}`)
  const missing = names[positionals.length]
  if (missing !== undefined) throw new UsageError(`Missing: <${missing}>`)
  return [...positionals]
}

export function readId(value: string): string {
  if (!z.uuid().safeParse(value).success) throw new UsageError(`Not the id of a parked event: ${value}`)
  return value.toLowerCase()
}

/** A group is called like its domain. */
export function readGroup(value: string): string {
  if (!domains.some((domain) => domain === value)) throw new UsageError(`No group is called ${value}; there are ${domains.join(', ')}`)
  return value
}

export function readTime(value: string): Date {
  if (!z.iso.datetime({ offset: true }).safeParse(value).success) {
    throw new UsageError(`Not a time: ${value}. Write it with its offset, as in 2026-11-24T09:30:00Z`)
  }
  return new Date(value)
}

export function readCount(value: string | undefined, otherwise: number): number {
  const read = z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .safeParse(value ?? otherwise)
  if (!read.success) throw new UsageError(`Not a number from 1 to 10000: ${value}`)
  return read.data
}

import { randomBytes } from 'node:crypto'
import { v7, validate, version } from 'uuid'

/** Where code that must be tested with randomness gets it from. */
export interface Random {
  /** A new UUIDv7 (RFC 9562): unique, and sortable by when it was made. */
  id(): string
  /** Bytes that nobody can guess. */
  bytes(length: number): Buffer
}

export const systemRandom: Random = { id: () => v7(), bytes: (length) => randomBytes(length) }

/** When a UUIDv7 was made, to the millisecond; null for any other string. */
export function madeAt(id: string): Date | null {
  if (!validate(id) || version(id) !== 7) return null
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16))
}

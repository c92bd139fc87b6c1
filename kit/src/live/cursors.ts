import { z } from 'zod'
import { DomainError } from '../graphql/errors.ts'

const LONGEST_CURSOR = 500

export function writeCursor(stream: string, seq: number): string {
  return Buffer.from(JSON.stringify([stream, seq])).toString('base64url')
}

/** Where in `stream` a cursor stands. Throws BAD_USER_INPUT for one of another stream, and for what is none. */
export function readCursor(stream: string, cursor: string): number {
  const parsed = z.tuple([z.literal(stream), z.int().positive()]).safeParse(readJson(cursor))
  if (parsed.success) return parsed.data[1]
  throw new DomainError('BAD_USER_INPUT', [{ path: 'after', rule: 'cursor', message: 'must be a cursor of this very subscription' }])
}

function readJson(cursor: string): unknown {
  if (cursor.length > LONGEST_CURSOR) return undefined
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

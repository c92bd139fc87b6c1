import { createHash } from 'node:crypto'
import { line } from '@stellr/kit'
import { z } from 'zod'

export const uuid = z.uuid().toLowerCase()

/** What a client makes for one intention. */
export const idempotencyKey = line(8, 100)

/** Whether this can be an id at all: what cannot would make the database refuse the statement. */
export function isId(text: string): boolean {
  return z.uuid().safeParse(text).success
}

/** By which the same key with another input is told apart. */
export function fingerprint(mutation: string, input: readonly (string | number | null)[]): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([mutation, ...input]))
    .digest()
}

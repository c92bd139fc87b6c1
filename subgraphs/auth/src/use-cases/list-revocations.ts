import { parseInput } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'

const cursor = z.iso.datetime({ error: 'must be the cursor of an answer before' })

export interface RevocationPage {
  revocations: { sid: string | null; sub: string | null; minVer: number | null; expiresAt: string }[]
  cursor: string
}

/**
 * What the router must refuse. A cursor is the time of the answer, and the next answer begins a little before it: a change may
 * commit later than one with a younger time. The router gets some twice, which does no harm.
 */
export async function listRevocations({ clock, store }: Context, since: string | null): Promise<RevocationPage> {
  const now = clock.now()
  const rows = await store.revocationsSince(since === null ? null : new Date(parseInput(cursor, since, 'since')), now)
  return {
    revocations: rows.map((row) => ({
      sid: row.sessionId,
      sub: row.accountId,
      minVer: row.minVer,
      expiresAt: row.expiresAt.toISOString(),
    })),
    cursor: now.toISOString(),
  }
}

import { uniqueViolation } from '@stellr/kit'
import { AuditRecorded } from '@stellr/schema/events/audit'
import { z } from 'zod'
import type { Context, Tx } from '../context.ts'
import { record } from '../history.ts'
import { userId } from '../inputs.ts'
import { requireRouter } from '../policy.ts'

const refusal = z.object({
  id: z.uuid(),
  userId,
  role: z.enum(['STUDENT', 'INSTRUCTOR', 'ADMIN']),
  action: z.string().regex(/^[A-Za-z]\w{0,99}$/, 'must be the name of a mutation'),
  count: z.int().min(1),
})

export const input = z.object({ refusals: z.array(refusal).min(1).max(100) })

/** The router tells whom it refused what only others may do: that is kept in the person's history and for the audit log. */
export async function recordRefusals(context: Context, { refusals }: z.infer<typeof input>): Promise<{ recorded: boolean }> {
  const { store, viewer } = context
  requireRouter(viewer)
  try {
    await store.transaction(async (tx) => {
      for (const refusal of refusals) await recordRefusal(tx, context, refusal)
    })
    return { recorded: true }
  } catch (error) {
    // The router sends the very same ones again when an answer was lost, and they had been written together.
    if (uniqueViolation(error) === 'security_event_pkey') return { recorded: false }
    throw error
  }
}

/** Keeps, in this transaction, that somebody was refused something. An id that was used before violates security_event_pkey. */
export async function recordRefusal(tx: Tx, context: Context, { id, userId, role, action, count }: z.infer<typeof refusal>): Promise<void> {
  await record(tx, context, { id, type: 'REFUSED', accountId: userId, actorId: userId, data: { action, count } })
  await tx.outbox.add(
    AuditRecorded,
    { id, version: 1 },
    {
      action,
      actorId: userId,
      actorRole: role,
      subjectType: null,
      subjectId: null,
      outcome: 'REFUSED',
      before: null,
      after: null,
      count,
    },
  )
}

import { prose } from '@stellr/kit'
import { EnrollmentSuspended } from '@stellr/schema/events/enrollments'
import { z } from 'zod'
import { announce } from '../announce.ts'
import type { Context, Tx } from '../context.ts'
import { enrollmentId } from '../inputs.ts'
import type { EnrollmentRow } from '../models.ts'
import { effectiveStatus } from '../status.ts'
import { note, transition, type Cause } from '../transition.ts'
import { administer } from './administer.ts'

export const input = z.object({ enrollmentId, reason: prose(500).min(1) })

/** An administrator takes access away for a while. */
export function suspendEnrollment(context: Context, { enrollmentId, reason }: z.output<typeof input>) {
  const now = context.clock.now()
  const deed = { action: 'suspendEnrollment', enrollmentId, because: reason }
  return administer(context, deed, async (tx, enrollment, adminId) => {
    const cause: Cause = { reason: 'suspended', actorId: adminId, now }
    if (effectiveStatus(enrollment, now) !== 'SUSPENDED') return transition(tx, enrollment, 'SUSPENDED', cause)
    const isKnown = (await tx.reasonOfSuspension(enrollment.id)) === 'suspended'
    return isKnown ? enrollment : suspendBesides(tx, enrollment, cause)
  })
}

// Suspended by a dispute, and by an administrator besides: when the dispute is won, it stays so.
async function suspendBesides(tx: Tx, enrollment: EnrollmentRow, cause: Cause): Promise<EnrollmentRow> {
  const changed = await tx.changeEnrollment(enrollment.id, {}, cause.now)
  const noted = await note(tx, changed, 'SUSPENDED', cause)
  await announce(tx, EnrollmentSuspended, changed, { previousStatus: 'SUSPENDED', transition: noted })
  return changed
}

import { DomainError } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { enrollmentId } from '../inputs.ts'
import { effectiveStatus } from '../status.ts'
import { resume } from '../transition.ts'
import { administer } from './administer.ts'

export const input = z.object({ enrollmentId })

/** An administrator gives access back: the enrollment is what it was before it was suspended. */
export function resumeEnrollment(context: Context, { enrollmentId }: z.output<typeof input>) {
  const now = context.clock.now()
  return administer(context, { action: 'resumeEnrollment', enrollmentId }, async (tx, enrollment, adminId) => {
    const from = effectiveStatus(enrollment, now)
    if (from === 'ACTIVE' || from === 'COMPLETED') return enrollment
    // The table would let one that waits for its payment become ACTIVE, and for nothing.
    if (from !== 'SUSPENDED') throw new DomainError('CONFLICT', { from, to: 'ACTIVE' })
    const payment = enrollment.paymentId === null ? null : await tx.paymentStatus(enrollment.paymentId)
    if (payment === 'DISPUTED') throw new DomainError('CONFLICT', { from, to: 'ACTIVE', payment })
    return resume(tx, enrollment, { reason: 'resumed', actorId: adminId, now })
  })
}

import { DomainError } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { enrollmentId } from '../inputs.ts'
import { transition } from '../transition.ts'
import { changeOwn } from './change-own.ts'

export const input = z.object({ enrollmentId })

/** Somebody leaves a course. What waits to be paid for is canceled; leaving again changes nothing. */
export function dropEnrollment(context: Context, { enrollmentId }: z.output<typeof input>) {
  return changeOwn(context, enrollmentId, async (tx, enrollment) => {
    if (enrollment.status === 'DROPPED' || enrollment.status === 'CANCELED') return enrollment
    // Leaving and enrolling again would give back what an administrator took away.
    if (enrollment.status === 'SUSPENDED') throw new DomainError('CONFLICT', { from: 'SUSPENDED', to: 'DROPPED' })
    const to = enrollment.status === 'PENDING_PAYMENT' ? 'CANCELED' : 'DROPPED'
    return transition(tx, enrollment, to, { reason: 'dropped', actorId: enrollment.userId, now: context.clock.now() })
  })
}

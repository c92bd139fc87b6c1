import { prose } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { enrollmentId } from '../inputs.ts'
import { effectiveStatus } from '../status.ts'
import { transition } from '../transition.ts'
import { administer } from './administer.ts'

export const input = z.object({ enrollmentId, reason: prose(500).min(1) })

/** An administrator takes access away for a while. */
export function suspendEnrollment(context: Context, { enrollmentId, reason }: z.output<typeof input>) {
  const now = context.clock.now()
  const deed = { action: 'suspendEnrollment', enrollmentId, because: reason }
  return administer(context, deed, async (tx, enrollment, adminId) => {
    if (effectiveStatus(enrollment, now) === 'SUSPENDED') return enrollment
    return transition(tx, enrollment, 'SUSPENDED', { reason: 'suspended', actorId: adminId, now })
  })
}

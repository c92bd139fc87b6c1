import { DomainError } from '@stellr/kit'
import { EnrollmentVersionAdopted } from '@stellr/schema/events/enrollments'
import { z } from 'zod'
import { announce } from '../announce.ts'
import type { Context } from '../context.ts'
import { enrollmentId } from '../inputs.ts'
import { effectiveStatus } from '../status.ts'
import { changeOwn } from './change-own.ts'

export const input = z.object({ enrollmentId })

/** Somebody goes over to what was published last. The pin moves; what is done stays done. */
export function adoptLatestVersion(context: Context, { enrollmentId }: z.output<typeof input>) {
  return changeOwn(context, enrollmentId, async (tx, enrollment) => {
    const now = context.clock.now()
    const status = effectiveStatus(enrollment, now)
    if (status !== 'ACTIVE' && status !== 'COMPLETED') throw new DomainError('CONFLICT', { status })
    const offer = await tx.findOffer(enrollment.courseId)
    if (!offer || offer.version <= enrollment.courseVersion) return enrollment
    const adopted = await tx.changeEnrollment(enrollment.id, { courseVersion: offer.version }, now)
    await announce(tx, EnrollmentVersionAdopted, adopted, { previousStatus: adopted.status, transition: null })
    return adopted
  })
}

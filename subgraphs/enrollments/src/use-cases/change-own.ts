import { DomainError, requireUser } from '@stellr/kit'
import type { Context, Tx } from '../context.ts'
import type { EnrollmentRow } from '../models.ts'

/**
 * A change by the learner of an enrollment of theirs, whose lock is held meanwhile. Throws NOT_FOUND for an unknown one and
 * another's, alike, also to those who may see it.
 */
export async function changeOwn(
  { services, store, viewer }: Context,
  enrollmentId: string,
  change: (tx: Tx, enrollment: EnrollmentRow) => Promise<EnrollmentRow>,
): Promise<{ enrollment: EnrollmentRow }> {
  const learner = requireUser(viewer)
  await services.limits.spend('changes', learner.id)
  return store.transaction(async (tx) => {
    const enrollment = await tx.lockEnrollment(enrollmentId)
    if (enrollment?.userId !== learner.id) throw new DomainError('NOT_FOUND')
    return { enrollment: await change(tx, enrollment) }
  })
}

import { DomainError, isAdmin, requireUser } from '@stellr/kit'
import { recordDeed } from '@stellr/schema/events/audit'
import type { Context, Tx } from '../context.ts'
import type { EnrollmentRow } from '../models.ts'

/** The administrator who asks, one change of whom is counted. Throws FORBIDDEN for others. */
export async function requireAdmin({ services, viewer }: Context): Promise<{ id: string }> {
  const admin = requireUser(viewer)
  if (!isAdmin(viewer)) throw new DomainError('FORBIDDEN')
  await services.limits.spend('changes', admin.id)
  return admin
}

/** A change of somebody's enrollment, whose lock is held meanwhile, by an administrator: kept for the audit log. */
export async function administer(
  context: Context,
  deed: { action: string; enrollmentId: string; because?: string },
  change: (tx: Tx, enrollment: EnrollmentRow, adminId: string) => Promise<EnrollmentRow>,
): Promise<{ enrollment: EnrollmentRow }> {
  const admin = await requireAdmin(context)
  const { action, enrollmentId, because } = deed
  return context.store.transaction(async (tx) => {
    const before = await tx.lockEnrollment(enrollmentId)
    if (!before) throw new DomainError('NOT_FOUND')
    const enrollment = await change(tx, before, admin.id)
    await recordDeed(tx, context, {
      action,
      subjectType: 'Enrollment',
      subjectId: enrollment.id,
      before: factsOf(before),
      after: { ...factsOf(enrollment), ...(because !== undefined && { reason: because }) },
    })
    return { enrollment }
  })
}

/** What the audit log keeps of an enrollment. */
export function factsOf({ userId, courseId, status, attempt }: EnrollmentRow) {
  return { userId, courseId, status, attempt }
}

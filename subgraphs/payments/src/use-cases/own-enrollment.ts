import { DomainError } from '@stellr/kit'
import type { Context } from '../context.ts'
import type { EnrollmentRow } from '../models.ts'

/** The viewer's enrollment, which they may have made a moment ago. Throws NOT_FOUND for an unknown one and another's, alike. */
export async function ownEnrollment(context: Context, userId: string, enrollmentId: string): Promise<EnrollmentRow> {
  const enrollment = await context.awaitOwn(enrollmentId, () => context.store.findEnrollment(enrollmentId))
  if (enrollment?.userId !== userId) throw new DomainError('NOT_FOUND')
  return enrollment
}

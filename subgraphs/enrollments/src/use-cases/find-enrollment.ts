import { DomainError } from '@stellr/kit'
import type { Context } from '../context.ts'
import { isId } from '../inputs.ts'
import type { EnrollmentRow } from '../models.ts'
import { maySeeEnrollment } from '../policy.ts'

/** Throws NOT_FOUND for an unknown enrollment and for one that the viewer may not see, alike. */
export async function findEnrollment(context: Context, id: string): Promise<EnrollmentRow> {
  const enrollment = await visibleEnrollment(context, id)
  if (!enrollment) throw new DomainError('NOT_FOUND')
  return enrollment
}

/** Null for an unknown enrollment and for one that the viewer may not see. */
export async function visibleEnrollment({ store, viewer }: Context, id: string): Promise<EnrollmentRow | null> {
  const enrollment = isId(id) ? await store.enrollment(id.toLowerCase()) : null
  return enrollment && maySeeEnrollment(viewer, enrollment) ? enrollment : null
}

/** The viewer's latest attempt at a course. */
export async function viewerEnrollment({ store, viewer }: Context, courseId: string): Promise<EnrollmentRow | null> {
  return viewer.kind === 'user' ? store.latestEnrollment(viewer.id, courseId) : null
}

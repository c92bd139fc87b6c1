import { type Connection, momentKey, page, type PageArgs } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { EnrollmentRow, EnrollmentStatus } from '../models.ts'
import { requireLearnersAccess, requireListAccess } from '../policy.ts'

// The list is part of the name: a cursor is good for the person or course that it was given for.
const latestFirst = (of: string) => ({
  name: `enrollments of ${of}`,
  key: z.tuple([momentKey, z.uuid()]),
  of: ({ enrolledAt, id }: EnrollmentRow): [string, string] => [enrolledAt.toISOString(), id],
})

/** What somebody learns and has learned. Throws FORBIDDEN unless it is the viewer's, or the viewer an administrator. */
export async function enrollmentsOfUser(
  { clock, store, viewer }: Context,
  userId: string,
  { statuses = null, ...args }: PageArgs & { readonly statuses?: readonly EnrollmentStatus[] | null },
): Promise<Connection<EnrollmentRow>> {
  requireListAccess(viewer, userId)
  return page(args, latestFirst(userId), (query) => store.enrollmentsOfUser(userId, { ...query, statuses, now: clock.now() }))
}

/** Who learns in a course; null for one that was never published. Throws FORBIDDEN unless the viewer may know. */
export async function enrollmentsOfCourse(
  { store, viewer }: Context,
  courseId: string,
  args: PageArgs,
): Promise<Connection<EnrollmentRow> | null> {
  const offer = await store.offer(courseId)
  if (!offer) return null
  requireLearnersAccess(viewer, offer)
  return page(args, latestFirst(courseId), (query) => store.enrollmentsOfCourse(courseId, query))
}

import { requireUser } from '@stellr/kit'
import type { Context } from '../context.ts'
import { enrollmentFeed, type EnrollmentEntry } from '../feeds.ts'

/** Shows what becomes of the viewer's own enrollments. */
export async function watchEnrollments(context: Context, after: string | null | undefined) {
  const learner = requireUser(context.viewer)
  return context.listen(enrollmentFeed, learner.id, { after, each: show })
}

/** A cursor after which everything comes that becomes of the viewer's enrollments from now on. */
export async function enrollmentsCursor({ viewer, cursor }: Context) {
  return cursor(enrollmentFeed, requireUser(viewer).id)
}

function show(update: EnrollmentEntry) {
  return { enrollmentUpdated: update }
}

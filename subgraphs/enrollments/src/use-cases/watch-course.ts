import { DomainError, type Viewer } from '@stellr/kit'
import type { Context } from '../context.ts'
import { courseActivityFeed, type ActivityEntry } from '../feeds.ts'
import { isId } from '../inputs.ts'
import { requireLearnersAccess } from '../policy.ts'
import type { Store } from '../store.ts'

/** Shows what learners do in a course. Throws NOT_FOUND for one that was never published, FORBIDDEN to who may not know. */
export async function watchCourse(context: Context, courseId: string, after: string | null | undefined) {
  const offer = await watchedCourse(context, courseId)
  return context.listen(courseActivityFeed, offer.courseId, { after, each: showTo(context.viewer, offer.courseId) })
}

/** A cursor after which everything comes that learners do in a course from now on. Throws as `watchCourse` does. */
export async function courseCursor(context: Context, courseId: string) {
  const offer = await watchedCourse(context, courseId)
  return context.cursor(courseActivityFeed, offer.courseId)
}

async function watchedCourse(context: Context, courseId: string) {
  const { store, viewer } = context
  // It may have been published a moment ago, and made long before.
  const offer = isId(courseId) ? await context.awaitOwn(courseId, () => store.findOffer(courseId), { undated: true }) : null
  if (!offer) throw new DomainError('NOT_FOUND')
  requireLearnersAccess(viewer, offer)
  return offer
}

// Somebody else may teach the course by then.
function showTo(viewer: Viewer, courseId: string) {
  return async (activity: ActivityEntry, store: () => Pick<Store, 'offer'>) => {
    const offer = await store().offer(courseId)
    if (!offer) throw new DomainError('NOT_FOUND')
    requireLearnersAccess(viewer, offer)
    return { courseActivity: activity }
  }
}

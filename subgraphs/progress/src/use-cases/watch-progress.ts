import { DomainError, type Viewer } from '@stellr/kit'
import type { Context } from '../context.ts'
import { progressFeed, type ProgressEntry } from '../feed.ts'
import { maySeeProgress } from '../policy.ts'
import type { Store } from '../store.ts'
import { findProgress } from './find-progress.ts'

/** Shows how far an enrollment is, now and after each change. Throws NOT_FOUND as `findProgress` does. */
export async function watchProgress(context: Context, enrollmentId: string, after: string | null | undefined) {
  const { enrollment } = await findProgress(context, enrollmentId)
  return context.listen(progressFeed, enrollment.id, {
    after,
    first: (store) => presentState(store, enrollment.id),
    each: showTo(context.viewer),
  })
}

async function presentState(store: Store, enrollmentId: string) {
  const [enrollment, progress] = await Promise.all([store.enrollment(enrollmentId), store.courseProgress(enrollmentId)])
  if (!enrollment || !progress) throw new DomainError('NOT_FOUND')
  return { data: { enrollment, progress, lesson: null }, at: progress.updatedAt }
}

function showTo(viewer: Viewer) {
  return (update: ProgressEntry) => {
    if (!maySeeProgress(viewer, update.data.enrollment)) throw new DomainError('NOT_FOUND')
    return { progressUpdated: update }
  }
}

import type { Context } from './context.ts'
import type { EnrollmentRow, VersionRow } from './models.ts'
import { opensLessons } from './policy.ts'

/** The viewer's enrollments in a course, the latest last; none for whoever is not signed in. */
export async function pastOf({ store, viewer }: Context, courseId: string): Promise<EnrollmentRow[]> {
  return viewer.kind === 'user' ? store.enrollmentsOf(viewer.id, courseId) : []
}

/** The versions that the viewer learns or has learned, the latest enrollment's first. */
export async function pinnedVersions(context: Context, courseId: string): Promise<VersionRow[]> {
  const numbers = new Set((await pastOf(context, courseId)).map(({ courseVersion }) => courseVersion).toReversed())
  const versions = await Promise.all([...numbers].map((number) => context.store.courseVersion(courseId, number)))
  return versions.filter((version) => version !== null)
}

/**
 * Waits for an enrollment of the viewer's that opens lessons and is not `known` already, pinned as it is: the news of it may
 * be on its way. Null when none comes. A fetch that asks for a hundred lessons of a course waits once.
 */
export async function awaitEnrollment(context: Context, courseId: string, known: EnrollmentRow | undefined): Promise<EnrollmentRow | null> {
  const { clock, store, viewer } = context
  if (viewer.kind !== 'user') return null
  const read = async () =>
    (await store.findEnrollments(viewer.id, courseId)).findLast(
      (row) => opensLessons(row, clock.now()) && row.courseVersion !== known?.courseVersion,
    ) ?? null
  const ofFetch = waits.get(store) ?? new Map<string, Promise<EnrollmentRow | null>>()
  waits.set(store, ofFetch)
  const waiting = ofFetch.get(courseId) ?? context.awaitOwn(courseId, read, { undated: true })
  ofFetch.set(courseId, waiting)
  return waiting
}

// A store lives as long as its fetch.
const waits = new WeakMap<Context['store'], Map<string, Promise<EnrollmentRow | null>>>()

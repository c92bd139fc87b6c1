import type { Context } from '../context.ts'
import { pinnedVersions } from '../enrolled.ts'
import { id as anId } from '../inputs.ts'
import type { VersionRow } from '../models.ts'
import { isPublic, isStaff } from '../policy.ts'

const LAST_INTEGER = 2 ** 31 - 1

/** One version of a course: the latest for everybody, an older one for those who learn it and for staff; else null. */
export async function visibleVersion(
  context: Context,
  reference: { readonly courseId: string; readonly number: number },
): Promise<VersionRow | null> {
  const { store, viewer } = context
  const courseId = anId.safeParse(reference.courseId)
  const { number } = reference
  if (!courseId.success || !Number.isInteger(number) || number < 1 || number > LAST_INTEGER) return null
  const course = await store.course(courseId.data)
  if (!course) return null
  if (isStaff(viewer, course) || isPublic(course, number)) return store.courseVersion(course.id, number)
  const pinned = await pinnedVersions(context, course.id)
  return pinned.find((version) => version.number === number) ?? null
}

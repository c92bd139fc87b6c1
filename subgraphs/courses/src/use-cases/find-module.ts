import type { Context } from '../context.ts'
import { pinnedVersions } from '../enrolled.ts'
import { id as anId } from '../inputs.ts'
import type { CourseRow, LessonRef, ModuleRef } from '../models.ts'
import { modulesOf, workingModule } from '../outline.ts'
import { isPublic, isStaff } from '../policy.ts'

/** The modules of a course that the viewer sees: the working copy for its staff, what was last published for others. */
export async function modulesOfCourse({ store, viewer }: Context, course: CourseRow): Promise<ModuleRef[]> {
  if (isStaff(viewer, course)) return (await store.modulesOf(course.id)).map(workingModule)
  const version = await store.courseVersion(course.id, course.publishedVersion)
  return version ? modulesOf(version) : []
}

/** The module with this id, as the viewer may see it; null where there is none. */
export async function visibleModule(context: Context, given: string): Promise<ModuleRef | null> {
  const { store, viewer } = context
  const id = anId.safeParse(given)
  const module = id.success ? await store.module(id.data) : null
  const course = module && (await store.course(module.courseId))
  if (!course) return null
  if (isStaff(viewer, course)) return workingModule(module)
  const latest = isPublic(course, course.publishedVersion) ? await store.courseVersion(course.id, course.publishedVersion) : null
  for (const version of [...(latest ? [latest] : []), ...(await pinnedVersions(context, course.id))]) {
    const frozen = modulesOf(version).find((candidate) => candidate.id === module.id)
    if (frozen) return frozen
  }
  return null
}

/** The module that a lesson which the viewer sees stands in. */
export async function moduleOf({ store }: Context, { courseId, moduleId, version }: LessonRef): Promise<ModuleRef | null> {
  if (version === null) {
    const module = await store.module(moduleId)
    return module && workingModule(module)
  }
  const frozen = await store.courseVersion(courseId, version)
  return (frozen && modulesOf(frozen).find(({ id }) => id === moduleId)) ?? null
}

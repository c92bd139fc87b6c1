import { DomainError } from '@stellr/kit'
import type { Context } from '../context.ts'
import { pinnedVersions } from '../enrolled.ts'
import { id as anId } from '../inputs.ts'
import type { LessonRef } from '../models.ts'
import { frozenLessons, hasLesson, pick, publishedLesson, workingLesson } from '../outline.ts'
import { isPublic, isStaff, mayAuthor } from '../policy.ts'
import type { ModuleRef } from '../models.ts'

/** Throws NOT_FOUND for a lesson that is not there and for one that the viewer may not see, alike. */
export async function findLesson(context: Context, id: string): Promise<LessonRef> {
  const lesson = await visibleLesson(context, id)
  if (!lesson) throw new DomainError('NOT_FOUND')
  return lesson
}

/** The lesson with this id, as the viewer may see it; null where there is none. */
export async function visibleLesson(context: Context, given: string): Promise<LessonRef | null> {
  const { store, viewer } = context
  const id = anId.safeParse(given)
  if (!id.success) return null
  const published = await store.publishedLesson(id.data)
  // What was never published is for staff only: for others it is not even looked up.
  const working = mayAuthor(viewer) ? await store.lesson(id.data) : null
  const courseId = published?.courseId ?? working?.courseId
  const course = courseId === undefined ? null : await store.course(courseId)
  if (!course) return null
  if (working && isStaff(viewer, course)) return workingLesson(working)
  if (!published) return null
  const visible = isPublic(course, published.courseVersion) || (await isPinned(context, published))
  return visible ? publishedLesson(published) : null
}

/** The lessons of a module that the viewer sees. */
export async function lessonsOf({ store }: Context, { id, courseId, title, frozen }: ModuleRef): Promise<LessonRef[]> {
  if (!frozen) return (await store.lessonsOf(id)).map(workingLesson)
  return frozenLessons({ courseId, number: frozen.version }, { moduleId: id, title, lessons: [...frozen.lessons] })
}

/** What must be learned before a lesson that the viewer sees. */
export async function prerequisitesOf({ store }: Context, { courseId, prerequisiteIds, version }: LessonRef): Promise<LessonRef[]> {
  if (prerequisiteIds.length === 0) return []
  if (version === null) {
    const lessons = await Promise.all(prerequisiteIds.map(store.lesson))
    return lessons.flatMap((lesson) => (lesson ? workingLesson(lesson) : []))
  }
  const of = await store.courseVersion(courseId, version)
  return of ? pick(of, prerequisiteIds) : []
}

/** When the lesson was made and last changed, in the copy that the viewer sees. */
export async function timesOf({ store }: Context, { id, createdAt, updatedAt }: LessonRef): Promise<{ createdAt: Date; updatedAt: Date }> {
  if (createdAt && updatedAt) return { createdAt, updatedAt }
  const published = await store.publishedLesson(id)
  if (!published) throw new Error(`lesson ${id} stands in an outline, but was never published`)
  return published
}

async function isPinned(context: Context, { courseId, lessonId }: { courseId: string; lessonId: string }): Promise<boolean> {
  const versions = await pinnedVersions(context, courseId)
  return versions.some((version) => hasLesson(version, lessonId))
}

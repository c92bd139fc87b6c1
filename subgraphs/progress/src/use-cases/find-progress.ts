import { DomainError } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { missingPrerequisites } from '../evaluate.ts'
import type { CourseProgressRef, Learning, LessonView, OutlineLessonRow } from '../models.ts'
import { basisPoints, percent } from '../percent.ts'
import { hasBegun, maySeeProgress } from '../policy.ts'
import type { Store } from '../store.ts'

/** Throws NOT_FOUND for no enrollment and for one that the viewer may not see, alike. */
export async function findProgress(context: Context, enrollmentId: string): Promise<CourseProgressRef> {
  const found = await visibleProgress(context, enrollmentId)
  if (!found) throw new DomainError('NOT_FOUND')
  return found
}

/** The progress of an enrollment; null for none and for one that the viewer may not see. One that was just made is waited for. */
export async function visibleProgress(context: Context, enrollmentId: string): Promise<CourseProgressRef | null> {
  const { viewer, store } = context
  if (viewer.kind !== 'user' || !isId(enrollmentId)) return null
  const known = await store.enrollment(enrollmentId)
  const enrollment = known ?? (await context.awaitOwn(enrollmentId, () => store.findEnrollment(enrollmentId)))
  if (!enrollment || !maySeeProgress(viewer, enrollment)) return null
  const progress = await store.courseProgress(enrollment.id)
  return progress && { enrollment, progress }
}

/** Every lesson of the learner's version, in order. */
export async function lessonViews(
  store: Pick<Store, 'outlineLessons' | 'lessonProgress'>,
  { id, courseId, courseVersion }: Pick<Learning, 'id' | 'courseId' | 'courseVersion'>,
): Promise<(LessonView & { lesson: OutlineLessonRow })[]> {
  const [lessons, begun] = await Promise.all([store.outlineLessons({ courseId, version: courseVersion }), store.lessonProgress(id)])
  const byLesson = new Map(begun.map((progress) => [progress.lessonId, progress]))
  const completed = new Set(begun.flatMap(({ lessonId, completedAt }) => (completedAt ? [lessonId] : [])))
  return lessons.map((lesson) => ({
    lesson,
    progress: byLesson.get(lesson.lessonId) ?? null,
    locked: missingPrerequisites(lesson, completed).length > 0,
  }))
}

/** The viewer's own progress with a lesson of their latest enrollment that has it. */
export async function viewerLesson({ viewer, store }: Context, lessonId: string): Promise<LessonView | null> {
  if (viewer.kind !== 'user' || !isId(lessonId)) return null
  const enrollment = (await store.enrollmentsWithLesson(viewer.id, lessonId)).find(hasBegun)
  if (!enrollment) return null
  return (await lessonViews(store, enrollment)).find(({ lesson }) => lesson.lessonId === lessonId) ?? null
}

/** The viewer's own progress with a module of their latest enrollment that has it. */
export async function viewerModule({ viewer, store }: Context, moduleId: string) {
  if (viewer.kind !== 'user' || !isId(moduleId)) return null
  const enrollment = (await store.enrollmentsWithModule(viewer.id, moduleId)).find(hasBegun)
  if (!enrollment) return null
  const required = (await lessonViews(store, enrollment)).filter(({ lesson }) => lesson.moduleId === moduleId && lesson.required)
  const completed = required.filter(({ progress }) => progress?.completedAt)
  return {
    percent: percent(basisPoints(completed.length, required.length)),
    completedLessons: completed.length,
    requiredLessons: required.length,
  }
}

function isId(id: string): boolean {
  return z.uuid().safeParse(id).success
}

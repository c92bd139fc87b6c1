import { DomainError } from '@stellr/kit'
import { CoursePublished, CourseVersionPublished } from '@stellr/schema/events/courses'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { author, saveCourse, type Edit } from '../authoring.ts'
import type { Context } from '../context.ts'
import { id } from '../inputs.ts'
import type { CourseRow, Outline } from '../models.ts'
import { lessonsOf, outlineOf, totalSeconds } from '../outline.ts'
import { requireStatus } from '../status.ts'

export const input = z.object({ courseId: id })

/**
 * Publishes the working copy. Another outline makes another version, which those who are learning may adopt; where only bodies
 * were changed, everybody gets the correction and the version stays.
 */
export async function publishCourse(context: Context, { courseId }: z.output<typeof input>): Promise<{ course: CourseRow }> {
  const course = await author(context, 'publishCourse', courseId, async (edit) => {
    requireStatus('publish', edit.course)
    const { tx, now } = edit
    const outline = outlineOf(await tx.modulesOf(courseId), await tx.lessonsOfCourse(courseId))
    if (outline.length === 0) throw new DomainError('CONFLICT', { reason: 'NO_LESSON' }, 'There is no lesson to publish yet.')
    const last = await tx.courseVersion(courseId, edit.course.publishedVersion)
    if (!last || !isDeepStrictEqual(last.outline, outline)) return publishVersion(edit, outline)
    await tx.correctBodies(courseId, now)
    return edit.course
  })
  return { course }
}

async function publishVersion(edit: Edit, outline: Outline): Promise<CourseRow> {
  const { tx, course, now } = edit
  const number = course.publishedVersion + 1
  const version = { courseId: course.id, number, title: course.title, outline, publishedAt: now }
  await tx.insertVersion(version)
  const lessonIds = lessonsOf(outline).map(({ lessonId }) => lessonId)
  await tx.publishLessons(lessonIds, number, now)
  await tx.outbox.add(
    CourseVersionPublished,
    { id: `${course.id}:${number}`, version: 1 },
    {
      courseId: course.id,
      version: number,
      instructorId: course.instructorId,
      title: course.title,
      publishedAt: now.toISOString(),
      modules: outline,
    },
  )
  const changes = {
    status: 'PUBLISHED' as const,
    publishedVersion: number,
    publishedAt: course.publishedAt ?? now,
    durationSeconds: totalSeconds(outline),
  }
  return saveCourse(edit, changes, CoursePublished)
}

import { CourseArchived } from '@stellr/schema/events/courses'
import { z } from 'zod'
import { author, saveCourse } from '../authoring.ts'
import type { Context } from '../context.ts'
import { id } from '../inputs.ts'
import type { CourseRow } from '../models.ts'
import { requireStatus } from '../status.ts'

export const input = z.object({ courseId: id })

/** Takes a course out of the catalogue; those who learn it go on. */
export async function archiveCourse(context: Context, { courseId }: z.output<typeof input>): Promise<{ course: CourseRow }> {
  const course = await author(context, 'archiveCourse', courseId, async (edit) => {
    requireStatus('archive', edit.course)
    return saveCourse(edit, { status: 'ARCHIVED' }, CourseArchived)
  })
  return { course }
}

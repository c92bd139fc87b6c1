import { CourseRestored } from '@stellr/schema/events/courses'
import { z } from 'zod'
import { author, saveCourse } from '../authoring.ts'
import type { Context } from '../context.ts'
import { id } from '../inputs.ts'
import type { CourseRow } from '../models.ts'
import { requireStatus } from '../status.ts'

export const input = z.object({ courseId: id })

/** Puts an archived course back into the catalogue, as it was last published. */
export async function restoreCourse(context: Context, { courseId }: z.output<typeof input>): Promise<{ course: CourseRow }> {
  const course = await author(context, 'restoreCourse', courseId, async (edit) => {
    requireStatus('restore', edit.course)
    return saveCourse(edit, { status: 'PUBLISHED' }, CourseRestored)
  })
  return { course }
}

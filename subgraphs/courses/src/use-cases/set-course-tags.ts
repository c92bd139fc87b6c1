import { DomainError } from '@stellr/kit'
import { z } from 'zod'
import { author, saveCourse, type Edit } from '../authoring.ts'
import type { Context } from '../context.ts'
import { id, ids } from '../inputs.ts'
import type { CourseRow } from '../models.ts'

export const input = z.object({ courseId: id, tagIds: ids(20) })

/** Replaces the tags of a course. */
export async function setCourseTags(context: Context, { courseId, tagIds }: z.output<typeof input>): Promise<{ course: CourseRow }> {
  const replace = async (edit: Edit) => {
    const existing = await edit.tx.existingTags(tagIds)
    if (existing.length < tagIds.length) {
      throw new DomainError('BAD_USER_INPUT', [{ path: 'input.tagIds', rule: 'unknown', message: 'must all be tags' }])
    }
    await edit.tx.setTags(courseId, tagIds, edit.now)
    return saveCourse(edit, {})
  }
  return { course: await author(context, 'setCourseTags', courseId, replace, (tx) => tx.lockTags('TOGETHER')) }
}

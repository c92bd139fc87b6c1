import { z } from 'zod'
import { authorModule } from '../authoring.ts'
import type { Context } from '../context.ts'
import { id } from '../inputs.ts'
import type { CourseRow } from '../models.ts'

export const input = z.object({ moduleId: id })

/** Takes a module and its lessons out of the working copy. */
export async function archiveModule(context: Context, { moduleId }: z.output<typeof input>): Promise<{ course: CourseRow }> {
  const course = await authorModule(context, 'archiveModule', moduleId, async ({ tx, course, module, now }) => {
    const lessonIds = (await tx.lessonsOf(moduleId)).map((lesson) => lesson.id)
    await tx.archiveLessons(lessonIds, now)
    await tx.dropPrerequisites(course.id, lessonIds, now)
    await tx.archiveModule(module, now)
    return course
  })
  return { course }
}

import { DomainError } from '@stellr/kit'
import { z } from 'zod'
import { author } from '../authoring.ts'
import type { Context } from '../context.ts'
import { id } from '../inputs.ts'
import type { CourseRow } from '../models.ts'

export const input = z.object({ courseId: id, moduleIds: z.array(id).max(100) })

/** Puts the modules of the working copy in order. */
export async function reorderModules(context: Context, { courseId, moduleIds }: z.output<typeof input>): Promise<{ course: CourseRow }> {
  const course = await author(context, 'reorderModules', courseId, async ({ tx, course, now }) => {
    requireSame(moduleIds, await tx.modulesOf(courseId), 'moduleIds')
    await tx.placeModules(moduleIds, now)
    return course
  })
  return { course }
}

/** Throws BAD_USER_INPUT unless `ids` is each of `rows` once. The details say which are missing, and which are too many. */
export function requireSame(ids: readonly string[], rows: readonly { id: string }[], name: string): void {
  const there = new Set(rows.map((row) => row.id))
  const given = new Set(ids)
  const missing = [...there].filter((id) => !given.has(id))
  const surplus = ids.filter((id, at) => !there.has(id) || ids.indexOf(id) !== at)
  if (missing.length === 0 && surplus.length === 0) return
  throw new DomainError('BAD_USER_INPUT', [
    ...missing.map((id) => ({ path: `input.${name}`, rule: 'missing', message: `must contain ${id}` })),
    ...surplus.map((id) => ({ path: `input.${name}`, rule: 'surplus', message: `must contain ${id} only once, and only what is there` })),
  ])
}

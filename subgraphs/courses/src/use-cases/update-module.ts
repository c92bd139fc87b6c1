import { z } from 'zod'
import { authorModule } from '../authoring.ts'
import type { Context } from '../context.ts'
import { id, title } from '../inputs.ts'
import type { ModuleRef } from '../models.ts'
import { workingModule } from '../outline.ts'

export const input = z.object({ moduleId: id, title })

/** Renames a module of the working copy. */
export async function updateModule(context: Context, { moduleId, title }: z.output<typeof input>): Promise<{ module: ModuleRef }> {
  const module = await authorModule(context, 'updateModule', moduleId, ({ tx, now }) => tx.renameModule(moduleId, title, now))
  return { module: workingModule(module) }
}

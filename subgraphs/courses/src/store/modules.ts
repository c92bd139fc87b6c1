import type { Batching } from '@stellr/kit'
import type { Module, Prisma } from '../generated/prisma/client.ts'

/** A module of the working copy. */
export type ModuleRow = Module

/** Whoever writes holds the course's lock: places are counted, and stay without a gap. */
export function modules(db: Prisma.TransactionClient, { batch, batchMany }: Batching) {
  return {
    /** Also an archived one. */
    module: batch(
      (ids) => db.module.findMany({ where: { id: { in: [...ids] } } }),
      (module) => module.id,
    ),
    /** Those that are not archived, in order. */
    modulesOf: batchMany(
      (courseIds) => db.module.findMany({ where: { courseId: { in: [...courseIds] }, archivedAt: null }, orderBy: { position: 'asc' } }),
      (module) => module.courseId,
    ),
    insertModule: (module: Prisma.ModuleUncheckedCreateInput): Promise<ModuleRow> => db.module.create({ data: module }),
    renameModule: (id: string, title: string, now: Date): Promise<ModuleRow> =>
      db.module.update({ where: { id }, data: { title, updatedAt: now } }),

    /** Closes the gap that it leaves. */
    async archiveModule({ id, courseId, position }: ModuleRow, now: Date): Promise<void> {
      await db.module.update({ where: { id }, data: { archivedAt: now, updatedAt: now } })
      await db.module.updateMany({
        where: { courseId, archivedAt: null, position: { gt: position } },
        data: { position: { decrement: 1 }, updatedAt: now },
      })
    },

    async placeModules(ids: readonly string[], now: Date): Promise<void> {
      await db.$executeRaw`
        UPDATE module SET position = place.position, updated_at = ${now}
        FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS place (id, position)
        WHERE module.id = place.id AND module.position <> place.position`
    },
  }
}

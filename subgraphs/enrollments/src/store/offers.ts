import type { Batching } from '@stellr/kit'
import type { Offer, Prisma } from '../generated/prisma/client.ts'

/** What the events of a course say of it. */
export type OfferState = Omit<Offer, 'learnerCount' | 'createdAt' | 'updatedAt'>

export function offers(db: Prisma.TransactionClient, { batch }: Batching) {
  return {
    offer: batch(
      (ids) => db.offer.findMany({ where: { courseId: { in: [...ids] } } }),
      (row: Offer) => row.courseId,
    ),

    /** Reads anew each time, unlike the one above: for waiting until it is there. */
    findOffer: (courseId: string) => db.offer.findUnique({ where: { courseId } }),

    /** Takes over a course's state unless a later one is known already. */
    async putOffer(offer: OfferState, now: Date): Promise<void> {
      const { courseId, aggregateVersion } = offer
      const { count } = await db.offer.createMany({ data: { ...offer, createdAt: now, updatedAt: now }, skipDuplicates: true })
      if (count > 0) return
      await db.offer.updateMany({ where: { courseId, aggregateVersion: { lt: aggregateVersion } }, data: { ...offer, updatedAt: now } })
    },

    /** False when there is no such offer. */
    async addLearners(courseId: string, count: number): Promise<boolean> {
      const changed = await db.offer.updateMany({ where: { courseId }, data: { learnerCount: { increment: count } } })
      return changed.count > 0
    },
  }
}

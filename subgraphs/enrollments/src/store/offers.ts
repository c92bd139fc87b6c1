import type { Batching } from '@stellr/kit'
import type { Offer, Prisma } from '../generated/prisma/client.ts'
import { learnerStatuses } from '../status.ts'

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

    /** Makes the next event of the course be taken whatever its version. */
    async distrustOffer(courseId: string): Promise<void> {
      await db.offer.updateMany({ where: { courseId }, data: { aggregateVersion: 0 } })
    },
    async removeOffer(courseId: string): Promise<void> {
      await db.offer.deleteMany({ where: { courseId } })
    },
    async offerIds(after: string | null, limit: number): Promise<string[]> {
      const where = after === null ? {} : { courseId: { gt: after } }
      const rows = await db.offer.findMany({ where, select: { courseId: true }, orderBy: { courseId: 'asc' }, take: limit })
      return rows.map(({ courseId }) => courseId)
    },

    /** Courses whose learners are not as many as their enrollments: miscounted, or an event is on its way. */
    async doubtfulCounts(): Promise<string[]> {
      const rows = await db.$queryRaw<{ courseId: string }[]>`
        SELECT o.course_id AS "courseId" FROM offer o LEFT JOIN (
          SELECT course_id, count(*) AS learners FROM enrollment WHERE status::text = ANY (${learnerStatuses}::text[]) GROUP BY course_id
        ) e USING (course_id)
        WHERE o.learner_count <> coalesce(e.learners, 0)`
      return rows.map(({ courseId }) => courseId)
    },

    /** Keeps all others from counting this course's learners until the transaction ends. */
    async lockOffer(courseId: string): Promise<void> {
      await db.$queryRaw`SELECT FROM offer WHERE course_id = ${courseId}::uuid FOR UPDATE`
    },

    /**
     * Counts a course's learners anew: those of its enrollments, less what events that are still to be heard will add. Hold the
     * offer's lock. False when the number was right.
     */
    async recountLearners(courseId: string): Promise<boolean> {
      const changed = await db.$executeRaw`
        WITH those AS (SELECT id, status::text = ANY (${learnerStatuses}::text[]) AS learns FROM enrollment WHERE course_id = ${courseId}::uuid),
        counted AS (
          SELECT (SELECT count(*) FROM those WHERE learns) - coalesce((
            SELECT sum((event #>> '{data,status}' = ANY (${learnerStatuses}::text[]))::int
              - coalesce(event #>> '{data,previousStatus}' = ANY (${learnerStatuses}::text[]), false)::int)
            FROM stellr.own_unhandled('enrollments', 'enrollments', 'enrollment', ARRAY (SELECT id::text FROM those)) AS event
          ), 0) AS learners)
        UPDATE offer SET learner_count = counted.learners FROM counted
        WHERE course_id = ${courseId}::uuid AND learner_count <> counted.learners`
      return changed > 0
    },

    /** False when there is no such offer. */
    async addLearners(courseId: string, count: number): Promise<boolean> {
      const changed = await db.offer.updateMany({ where: { courseId }, data: { learnerCount: { increment: count } } })
      return changed.count > 0
    },
  }
}

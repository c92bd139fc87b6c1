import type { Payer, Prisma } from '../generated/prisma/client.ts'

/** What receipts say of whoever paid. */
export function receipts(db: Prisma.TransactionClient) {
  return {
    findPayer: (userId: string): Promise<Payer | null> => db.payer.findUnique({ where: { userId } }),

    /** Takes over what somebody is called unless something later is known already. */
    async putPayer(userId: string, name: string, version: number, now: Date): Promise<void> {
      await db.$executeRaw`
        INSERT INTO payer (user_id, name, version, created_at, updated_at)
        VALUES (${userId}::uuid, ${name}, ${version}, ${now}::timestamptz, ${now}::timestamptz)
        ON CONFLICT (user_id) DO UPDATE SET name = excluded.name, version = excluded.version, updated_at = excluded.updated_at
        WHERE payer.version < excluded.version`
    },
  }
}

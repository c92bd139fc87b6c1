import type { Prisma } from '../generated/prisma/client.ts'

/** The sandbox's own books. */
export function sandbox(_db: Prisma.TransactionClient) {
  return {}
}

import { DomainError, momentKey, page, type Connection, type PageArgs } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { PaymentRow, PaymentStatus } from '../models.ts'
import { maySeePayments } from '../policy.ts'

// The list is part of the name: a cursor is good for the person that it was given for.
const latestFirst = (userId: string) => ({
  name: `payments of ${userId}`,
  key: z.tuple([momentKey, z.uuid()]),
  of: ({ createdAt, id }: PaymentRow): [string, string] => [createdAt.toISOString(), id],
})

/** What somebody pays and has paid. Throws FORBIDDEN unless it is the viewer's, or the viewer an administrator. */
export async function paymentsOfUser(
  { store, viewer }: Context,
  userId: string,
  { statuses = null, ...args }: PageArgs & { readonly statuses?: readonly PaymentStatus[] | null },
): Promise<Connection<PaymentRow>> {
  if (!maySeePayments(viewer, userId)) throw new DomainError('FORBIDDEN')
  return page(args, latestFirst(userId), (query) => store.paymentsOfUser(userId, { ...query, statuses }))
}

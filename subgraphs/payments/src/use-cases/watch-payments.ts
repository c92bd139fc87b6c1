import { requireUser } from '@stellr/kit'
import type { Context } from '../context.ts'
import { paymentFeed, type PaymentEntry } from '../feed.ts'

/** Shows what becomes of the viewer's own payments. */
export async function watchPayments(context: Context, after: string | null | undefined) {
  const payer = requireUser(context.viewer)
  return context.listen(paymentFeed, payer.id, { after, each: show })
}

/** A cursor after which everything comes that becomes of the viewer's payments from now on. */
export async function paymentsCursor({ viewer, cursor }: Context) {
  return cursor(paymentFeed, requireUser(viewer).id)
}

function show(update: PaymentEntry) {
  return { paymentUpdated: update }
}

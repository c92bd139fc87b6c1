import { DomainError, isUser, isAdmin } from '@stellr/kit'
import type { Context } from '../context.ts'
import { isId } from '../inputs.ts'
import type { PaymentRow, PaymentState } from '../models.ts'
import { maySeePayments } from '../policy.ts'
import { openStatuses } from '../status.ts'

const LONGEST_TRANSACTION_ID = 255

/** Throws NOT_FOUND for an unknown payment and one that the viewer may not see, alike. */
export async function findPayment(
  context: Context,
  { id, transactionId }: { readonly id?: string | null | undefined; readonly transactionId?: string | null | undefined },
): Promise<PaymentRow> {
  const problems = [{ path: 'id', rule: 'custom', message: 'give either id or transactionId' }]
  if ((id ?? null) === null ? (transactionId ?? null) === null : (transactionId ?? null) !== null) {
    throw new DomainError('BAD_USER_INPUT', problems)
  }
  const payment = await (typeof id === 'string' ? visiblePayment(context, id) : ofTransaction(context, transactionId ?? ''))
  if (!payment) throw new DomainError('NOT_FOUND')
  return payment
}

/** Null for an unknown payment and for one that the viewer may not see. */
export async function visiblePayment({ store, viewer }: Context, id: string): Promise<PaymentRow | null> {
  const payment = isId(id) ? await store.payment(id.toLowerCase()) : null
  return payment && maySeePayments(viewer, payment.userId) ? payment : null
}

async function ofTransaction({ store, viewer }: Context, transactionId: string): Promise<PaymentRow | null> {
  // Postgres text cannot hold NUL, and no provider's id is as long as that.
  if (transactionId.length > LONGEST_TRANSACTION_ID || transactionId.includes('\u0000') || !transactionId.isWellFormed()) return null
  const payment = await store.paymentOfTransaction(transactionId)
  return payment && maySeePayments(viewer, payment.userId) ? payment : null
}

/** The payment that counts for an enrollment. Throws FORBIDDEN unless the enrollment is the viewer's, or they an administrator. */
export async function paymentOfEnrollment({ store, viewer }: Context, enrollmentId: string): Promise<PaymentRow | null> {
  const enrollment = isId(enrollmentId) ? await store.enrollment(enrollmentId.toLowerCase()) : null
  if (!enrollment) return null
  if (!isUser(viewer, enrollment.userId) && !isAdmin(viewer)) throw new DomainError('FORBIDDEN')
  return enrollment.paymentId === null ? store.latestPayment(enrollment.id) : store.payment(enrollment.paymentId)
}

/** What opens the way to paying, as long as there is something to pay, for the payer alone. */
export async function wayToPay(
  { caller, clock, store, viewer }: Context,
  { id, userId }: PaymentState,
): Promise<{ clientSecret: string | null; checkoutUrl: string | null }> {
  const nothing = { clientSecret: null, checkoutUrl: null }
  const payment = isUser(viewer, userId) ? await store.payment(id) : null
  if (!payment || payment.cancelReason !== null || !openStatuses.includes(payment.status) || payment.expiresAt <= clock.now())
    return nothing
  const { clientSecret, checkoutUrl } = payment
  return { clientSecret, checkoutUrl: checkoutUrl?.startsWith('/') ? `${caller.publicUrl ?? ''}${checkoutUrl}` : checkoutUrl }
}

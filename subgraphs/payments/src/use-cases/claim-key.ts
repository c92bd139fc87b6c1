import { DomainError } from '@stellr/kit'
import type { Tx } from '../context.ts'
import type { RequestKey } from '../store/payments.ts'

/**
 * Keeps what an idempotency key stands for. Null when it is new; else what it stood for already, once whoever was faster is
 * done. Throws IDEMPOTENCY_CONFLICT when it came with another input.
 */
export async function claimKey(tx: Tx, request: RequestKey, now: Date): Promise<RequestKey | null> {
  if (await tx.addRequestKey(request, now)) return null
  const known = await tx.requestKey(request.userId, request.key)
  if (known && !Buffer.from(known.requestHash).equals(request.requestHash)) throw new DomainError('IDEMPOTENCY_CONFLICT')
  return known
}

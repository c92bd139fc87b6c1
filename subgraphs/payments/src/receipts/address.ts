import { createHmac, timingSafeEqual } from 'node:crypto'
import { DomainError, plusSeconds, type Caller, type Clock } from '@stellr/kit'
import { isId } from '../inputs.ts'
import type { ReceiptRow } from '../models.ts'

/** Where receipts are served, as schema/index.ts lists it. */
export const RECEIPTS_PATH = '/receipts'

const GOOD_FOR_SECONDS = 10 * 60

/** As people see it. */
export function receiptNumber(number: number): string {
  return `R-${String(number).padStart(6, '0')}`
}

/** The address of a receipt's PDF: for ten minutes it is good for whoever has it. */
export function receiptUrl(
  { paymentId }: Pick<ReceiptRow, 'paymentId'>,
  { caller, clock, key }: { caller: Pick<Caller, 'publicUrl'>; clock: Clock; key: Uint8Array },
): string {
  const expires = Math.floor(plusSeconds(clock.now(), GOOD_FOR_SECONDS).getTime() / 1000)
  const query = new URLSearchParams({
    payment: paymentId,
    expires: `${expires}`,
    signature: sign(key, paymentId, expires).toString('base64url'),
  })
  return `${caller.publicUrl ?? ''}${RECEIPTS_PATH}?${query.toString()}`
}

/** The payment that an address is about. Throws FORBIDDEN for one that was not made here, and LINK_EXPIRED. */
export function readReceiptQuery(query: Readonly<Record<string, unknown>>, { clock, key }: { clock: Clock; key: Uint8Array }): string {
  const { payment, expires, signature } = query
  if (typeof payment !== 'string' || typeof expires !== 'string' || typeof signature !== 'string') throw forged()
  if (!isId(payment) || !/^[1-9]\d{0,11}$/.test(expires)) throw forged()
  const given = Buffer.from(signature)
  const right = Buffer.from(sign(key, payment, Number(expires)).toString('base64url'))
  if (given.length !== right.length || !timingSafeEqual(given, right)) throw forged()
  if (clock.now().getTime() >= Number(expires) * 1000) {
    throw new DomainError('LINK_EXPIRED', { expiredAt: new Date(Number(expires) * 1000).toISOString() })
  }
  return payment
}

function sign(key: Uint8Array, paymentId: string, expires: number): Buffer {
  return createHmac('sha256', key).update(`receipt ${paymentId} ${expires}`).digest()
}

function forged(): DomainError {
  return new DomainError('FORBIDDEN', undefined, 'This is not an address that the platform gave out: ask for a receipt’s pdfUrl.')
}

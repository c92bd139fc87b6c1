import { defineJob, plusSeconds } from '@stellr/kit'
import type { Backstage, Services, Tx } from './context.ts'
import type { EnrollmentRow, EnrollmentStatus } from './models.ts'
import type { Store } from './store.ts'
import { transition, type Reason } from './transition.ts'

const MOST_AT_ONCE = 50
const MOST_BATCHES = 40
// No payment can be begun that can be paid for longer than this: see PAYMENTS_PAYABLE_MINUTES.
const LONGEST_PAYABLE_SECONDS = 24 * 60 * 60

/** Records and publishes that access has ended. Until then it counts as ended all the same: see status.ts. */
export const recordExpired = defineJob<Store, Services>({
  name: 'record-expired',
  everySeconds: 60,
  run: (backstage) => end(backstage, 'EXPIRED', 'expired', (tx, now) => tx.lockOverdue(now, MOST_AT_ONCE)),
})

/**
 * Gives up what was not paid for in time. A payment that is open is waited for, as long as it can be paid; one that is paid
 * later all the same is taken in by followPayment.
 */
export const cancelUnpaid = defineJob<Store, Services>({
  name: 'cancel-unpaid',
  everySeconds: 60,
  run: (backstage) =>
    end(backstage, 'CANCELED', 'not_paid', (tx, now) =>
      tx.lockUnpaid(now, { openSince: plusSeconds(now, -LONGEST_PAYABLE_SECONDS), limit: MOST_AT_ONCE }),
    ),
})

async function end(
  { clock, signal, store }: Backstage,
  to: EnrollmentStatus,
  reason: Reason,
  lockSome: (tx: Tx, now: Date) => Promise<EnrollmentRow[]>,
): Promise<void> {
  for (let batch = 0; batch < MOST_BATCHES && !signal.aborted; batch += 1) {
    const now = clock.now()
    const ended = await store.transaction(async (tx) => {
      const due = await lockSome(tx, now)
      for (const enrollment of due) await transition(tx, enrollment, to, { reason, actorId: null, now })
      return due.length
    })
    if (ended < MOST_AT_ONCE) return
  }
}

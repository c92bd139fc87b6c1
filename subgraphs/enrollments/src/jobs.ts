import { defineJob } from '@stellr/kit'
import type { Services } from './context.ts'
import type { Store } from './store.ts'
import { transition } from './transition.ts'

const MOST_AT_ONCE = 50
const MOST_BATCHES = 40

/** Records and publishes that access has ended. Until then it counts as ended all the same: see status.ts. */
export const recordExpired = defineJob<Store, Services>({
  name: 'record-expired',
  everySeconds: 60,
  async run({ clock, signal, store }) {
    for (let batch = 0; batch < MOST_BATCHES && !signal.aborted; batch += 1) {
      const now = clock.now()
      const recorded = await store.transaction(async (tx) => {
        const overdue = await tx.lockOverdue(now, MOST_AT_ONCE)
        for (const enrollment of overdue) await transition(tx, enrollment, 'EXPIRED', { reason: 'expired', actorId: null, now })
        return overdue.length
      })
      if (recorded < MOST_AT_ONCE) return
    }
  },
})

import { on } from '@stellr/kit'
import { ProfileUpdated } from '@stellr/schema/events/users'
import type { Store } from '../store.ts'

/** Keeps what people are called, for their receipts. */
export const onProfileUpdated = on<typeof ProfileUpdated, Store>(ProfileUpdated, ({ data, time, aggregateversion }, tx) =>
  tx.putPayer(data.userId, data.name, aggregateversion, new Date(time)),
)

import { on } from '@stellr/kit'
import { UserRegistered } from '@stellr/schema/events/auth'
import { ProfileUpdated } from '@stellr/schema/events/users'
import type { Store } from '../store.ts'

// A profile's versions begin at 1 and say nothing of the account's: whatever a profile says is later.
const BEFORE_ANY_PROFILE = 0

/** Keeps what people are called, for their receipts. Most never change what they said when they registered. */
export const onUserRegistered = on<typeof UserRegistered, Store>(UserRegistered, ({ data, time }, tx) =>
  tx.putPayer(data.userId, data.name, BEFORE_ANY_PROFILE, new Date(time)),
)

export const onProfileUpdated = on<typeof ProfileUpdated, Store>(ProfileUpdated, ({ data, time, aggregateversion }, tx) =>
  tx.putPayer(data.userId, data.name, aggregateversion, new Date(time)),
)

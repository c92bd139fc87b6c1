import { defineTopic } from '@stellr/kit'

/** Accounts and profiles. Names travel here, so it is kept for a week only: erasure must reach every copy. */
export const users = defineTopic('users', { partitions: 6, retentionDays: 7 })

/** Sign-in sessions. */
export const sessions = defineTopic('sessions', { partitions: 6, retentionDays: 30 })

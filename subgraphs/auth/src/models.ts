import type { AccountRow } from './store.ts'

export type { AccountRow, AccountStatus, SessionRow } from './store.ts'

/** A user as other subgraphs name one, or the account itself where it has just been read. */
export type AccountRef = { id: string } | AccountRow

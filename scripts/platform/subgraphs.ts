import { auth } from '@stellr/auth'
import type { Subgraph } from '@stellr/kit'
import type { Domain } from '@stellr/schema'
import { users } from '@stellr/users'

/** Every domain's program. */
export const subgraphs: Record<Domain, Subgraph> = { auth, users }

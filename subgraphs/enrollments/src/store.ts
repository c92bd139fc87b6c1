import { defineStore, type Batching } from '@stellr/kit'
import { PrismaClient, type Prisma } from './generated/prisma/client.ts'
import { changes } from './store/changes.ts'
import { offers } from './store/offers.ts'
import { payments } from './store/payments.ts'
import { reads } from './store/reads.ts'

export type {
  Enrollment as EnrollmentRow,
  EnrollmentStatus,
  EnrollmentTransition as TransitionRow,
  Offer as OfferRow,
  RefundReason,
} from './generated/prisma/client.ts'
export type { NewEnrollment } from './store/changes.ts'
export type { OfferState } from './store/offers.ts'
export type { Tally } from './store/reads.ts'

export type Store = ReturnType<typeof build>

export const store = defineStore(PrismaClient, build)

function build(db: Prisma.TransactionClient, batching: Batching) {
  return { ...offers(db, batching), ...reads(db, batching), ...changes(db), ...payments(db) }
}

import { defineStore, type Batching } from '@stellr/kit'
import { PrismaClient, type Prisma } from './generated/prisma/client.ts'
import { enrollments } from './store/enrollments.ts'
import { payments } from './store/payments.ts'
import { reads } from './store/reads.ts'
import { receipts } from './store/receipts.ts'
import { sandbox } from './store/sandbox.ts'

export type {
  Enrollment as EnrollmentRow,
  Payment as PaymentRow,
  PaymentEvent as PaymentEventRow,
  PaymentEventType,
  PaymentMethod,
  PaymentStatus,
  Receipt as ReceiptRow,
  Refund as RefundRow,
} from './generated/prisma/client.ts'
export type { PaymentState } from './store/columns.ts'
export type { EnrollmentState } from './store/enrollments.ts'

export type Store = ReturnType<typeof build>

export const store = defineStore(PrismaClient, build)

function build(db: Prisma.TransactionClient, batching: Batching) {
  return { ...payments(db), ...reads(db, batching), ...enrollments(db, batching), ...receipts(db), ...sandbox(db) }
}

import { plusSeconds } from '@stellr/kit'
import type { Tx } from '../../context.ts'
import type { SandboxPayment } from '../../store/sandbox.ts'
import type { SandboxTools } from './tools.ts'

/** What the sandbox tells of by webhook. */
export type SandboxEventType =
  | 'payment.created'
  | 'payment.requires_action'
  | 'payment.processing'
  | 'payment.succeeded'
  | 'payment.failed'
  | 'payment.canceled'
  | 'refund.created'
  | 'refund.succeeded'
  | 'dispute.opened'
  | 'dispute.won'
  | 'dispute.lost'

const TIMES_OF_A_DUPLICATE = 3
// Long enough apart that they arrive in this order.
const REVERSED_SECONDS = 0.3

/** Has webhooks sent, in the transaction that makes them true: in order and once each, unless the card is one that wants it otherwise. */
export async function tell(
  tx: Tx,
  { clock, random }: Pick<SandboxTools, 'clock' | 'random'>,
  { id: paymentId, mischief }: Pick<SandboxPayment, 'id' | 'mischief'>,
  types: readonly SandboxEventType[],
): Promise<void> {
  const now = clock.now()
  const sendAt = (index: number) => {
    if (mischief === 'lost') return null
    return mischief === 'reversed' ? plusSeconds(now, (types.length - 1 - index) * REVERSED_SECONDS) : now
  }
  const copies = mischief === 'duplicate' ? TIMES_OF_A_DUPLICATE : 1
  await tx.addSandboxEvents(
    types.map((type, index) => ({ id: random.id(), paymentId, type, createdAt: now, sendAt: sendAt(index), copies, tries: 0 })),
  )
}

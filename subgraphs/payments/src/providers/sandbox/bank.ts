import { DomainError, plusSeconds } from '@stellr/kit'
import type { Tx } from '../../context.ts'
import type { SandboxChange, SandboxFile } from '../../store/sandbox.ts'
import { leftIn } from './books.ts'
import { cards, type Card, type CardName } from './cards.ts'
import { tell, type SandboxEventType } from './tell.ts'
import type { SandboxTools } from './tools.ts'

/** What somebody who plays the payer, or the payer's bank, does. */
export type Act =
  | { act: 'pay'; card: CardName; afterSeconds?: number | undefined }
  | { act: 'authenticate'; passed: boolean }
  | { act: 'decide'; paid: boolean }
  | { act: 'dispute' }
  | { act: 'close_dispute'; won: boolean }
  | { act: 'send_again' }

/** Does it, in a transaction of its own. Throws CONFLICT with the state that does not allow it. */
export async function play(tools: SandboxTools, paymentId: string, act: Act): Promise<void> {
  await tools.store().transaction(async (tx) => {
    const file = await tx.lockSandboxFile(paymentId)
    if (file) await perform(tx, tools, file, act)
  })
}

/** What the bank has had its time for. Says whether there may be more. */
export async function decideDue(tools: SandboxTools, limit: number): Promise<boolean> {
  const { clock, store } = tools
  const due = await store().dueSandboxPayments(clock.now(), limit)
  for (const id of due) {
    await store().transaction(async (tx) => {
      const file = await tx.lockSandboxFile(id)
      const { settlesAt, outcome } = file?.payment ?? {}
      // Somebody may have been faster: another process, or whoever plays the bank.
      if (file && outcome && settlesAt && settlesAt <= clock.now()) await decide(tx, tools, file, outcome)
    })
  }
  return due.length === limit
}

/** Whether the state of a payment allows an act: what the sandbox's page offers. */
export function isPossible(act: Act['act'], file: SandboxFile): boolean {
  const { outcome, state } = file.payment
  const isDisputed = file.disputes.some((dispute) => dispute.state === 'open')
  switch (act) {
    case 'pay':
      return (state === 'requires_action' || state === 'failed') && outcome === null
    case 'authenticate':
      return state === 'requires_action' && outcome !== null
    case 'decide':
      return state === 'processing'
    case 'dispute':
      return state === 'succeeded' && !isDisputed && leftIn(file) > 0n
    case 'close_dispute':
      return isDisputed
    case 'send_again':
      return true
  }
}

async function perform(tx: Tx, tools: SandboxTools, file: SandboxFile, act: Act): Promise<void> {
  if (!isPossible(act.act, file)) throw new DomainError('CONFLICT', { state: file.payment.state })
  switch (act.act) {
    case 'pay':
      return pay(tx, tools, file, cards[act.card], act.afterSeconds)
    case 'authenticate':
      return decide(tx, tools, file, act.passed ? 'succeeded' : 'authentication_failed')
    case 'decide':
      return decide(tx, tools, file, act.paid ? 'succeeded' : 'declined')
    case 'dispute':
      return dispute(tx, tools, file)
    case 'close_dispute':
      return closeDispute(tx, tools, file, act.won ? 'won' : 'lost')
    case 'send_again':
      return tx.sendSandboxEventsAgain(file.payment.id, tools.clock.now())
  }
}

async function pay(tx: Tx, tools: SandboxTools, file: SandboxFile, card: Card, afterSeconds = card.afterSeconds): Promise<void> {
  const now = tools.clock.now()
  const { state, failure = null, outcome = null, mischief = null } = card
  const isSuccess = state === 'succeeded'
  const settlesAt = afterSeconds === undefined || outcome === null || outcome === 'person' ? null : plusSeconds(now, afterSeconds)
  const change = { state, failure, outcome, mischief, settlesAt, ...(isSuccess && { paidAt: now }) }
  await become(tx, tools, file, change, state === 'requires_action' ? ['payment.requires_action'] : happened(state))
}

async function decide(tx: Tx, tools: SandboxTools, file: SandboxFile, outcome: string): Promise<void> {
  switch (outcome) {
    case 'succeeded':
      return become(tx, tools, file, { ...settled, state: 'succeeded', paidAt: tools.clock.now() }, ['payment.succeeded'])
    case 'declined':
      return become(tx, tools, file, { ...settled, state: 'failed', failure: 'card_declined' }, ['payment.failed'])
    case 'authentication_failed':
      return become(tx, tools, file, { ...settled, state: 'failed', failure: 'authentication_failed' }, ['payment.failed'])
    case 'disputed':
      await tx.changeSandboxPayment(file.payment.id, { outcome: null, settlesAt: null }, tools.clock.now())
      return isPossible('dispute', file) ? dispute(tx, tools, file) : undefined
    default:
      throw new RangeError(`nobody knows what ${outcome} comes to`)
  }
}

const settled = { failure: null, outcome: null, settlesAt: null } as const

async function become(
  tx: Tx,
  tools: SandboxTools,
  { payment }: SandboxFile,
  change: SandboxChange,
  types: readonly SandboxEventType[],
): Promise<void> {
  await tx.changeSandboxPayment(payment.id, change, tools.clock.now())
  await tell(tx, tools, { ...payment, ...change }, types)
}

// The bank is asked first, whatever it says.
function happened(state: 'succeeded' | 'failed' | 'processing'): readonly SandboxEventType[] {
  return state === 'processing' ? ['payment.processing'] : ['payment.processing', `payment.${state}`]
}

async function dispute(tx: Tx, tools: SandboxTools, file: SandboxFile): Promise<void> {
  const { clock, random } = tools
  const paymentId = file.payment.id
  await tx.addSandboxDispute({ id: `sandbox_dispute_${random.id()}`, paymentId, amount: leftIn(file), state: 'open' }, clock.now())
  await tell(tx, tools, file.payment, ['dispute.opened'])
}

async function closeDispute(tx: Tx, tools: SandboxTools, { disputes, payment }: SandboxFile, state: 'won' | 'lost'): Promise<void> {
  const now = tools.clock.now()
  for (const { id } of disputes.filter((one) => one.state === 'open')) await tx.changeSandboxDispute(id, state, now)
  await tell(tx, tools, payment, [`dispute.${state}`])
}

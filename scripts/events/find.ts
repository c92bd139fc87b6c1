import type { DomainEvents, WaitingHead } from '@stellr/kit'
import { Refusal } from './command.ts'
import type { Desk } from './desk.ts'
import { callRoll } from './roll-call.ts'

export interface Found {
  domain: DomainEvents
  message: WaitingHead
}

/** Finds a parked event in whichever domain has it. */
export async function findMessage({ domains }: Desk, id: string): Promise<Found> {
  const { ask, requireAll } = callRoll()
  const look = async (domain: DomainEvents): Promise<Found[]> => {
    const message = await domain.parked(id)
    return message ? [{ domain, message }] : []
  }
  const [found] = (await Promise.all(domains.map((domain) => ask(domain.name, look(domain))))).flat()
  if (found) return found
  requireAll()
  throw new Refusal(`No parked event has the id ${id}: it may have been handled or discarded meanwhile`)
}

/** The same for a head: one that others wait behind can be decided about, one that waits cannot. */
export async function findHead(desk: Desk, id: string): Promise<Found> {
  const { domain, message } = await findMessage(desk, id)
  if (message.state !== 'BEHIND') return { domain, message }
  const heads = await domain.heads({ limit: 10_000 })
  const head = heads.find(
    ({ aggregateType, aggregateId }) => aggregateType === message.aggregateType && aggregateId === message.aggregateId,
  )
  throw new Refusal(`${id} waits behind another event of its aggregate. Decide about that one: ${head?.id ?? 'pnpm events parked'}`)
}

/** One line about a parked event. */
export function describe({ id, event, aggregateType, aggregateId, group, state, tries, error }: WaitingHead): string {
  const why = error === null ? '' : `: ${error}`
  return `${id}: ${event.type} v${event.aggregateversion} of ${aggregateType} ${aggregateId}, ${state} in ${group} after ${tries} tries${why}`
}

/** What the audit log keeps of a parked event. */
export function factsOf({ group, event, state, tries }: Pick<WaitingHead, 'group' | 'event' | 'state' | 'tries'>) {
  return { group, eventId: event.id, eventType: event.type, aggregateId: event.subject, state, tries }
}

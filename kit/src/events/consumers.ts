import type { Data, Envelope, EventDef } from './contracts.ts'
import type { Tx } from '../store/store.ts'

/** What a subgraph does when an event of another arrives. */
export interface Consumer<Store extends object> {
  event: EventDef
  handle(event: Envelope, tx: Tx<Store>): Promise<void>
}

/**
 * Declares a handler. It gets only the transaction, calls no network, and may run twice for one event if the process dies:
 * the inbox makes its effect happen once. Throw NotYet when something that must come first has not arrived.
 */
export function on<E extends EventDef, Store extends object>(
  event: E,
  handle: (event: Envelope<Data<E>>, tx: Tx<Store>) => Promise<void>,
): Consumer<Store> {
  return { event, handle: (envelope, tx) => handle({ ...envelope, data: event.data.parse(envelope.data) as Data<E> }, tx) }
}

/** The event came before what it depends on: park it and try again without counting a failure. */
export class NotYet extends Error {
  override name = 'NotYet'
}

import { DomainError } from './graphql/errors.ts'

/** A state machine: which state may follow which. */
export interface Transitions<State extends string> {
  allows(from: State, to: State): boolean
  /** Throws CONFLICT with both states in its details. */
  require(from: State, to: State): void
}

/** Declares a state machine by the one table of its transitions. A state that leads nowhere has an empty list. */
export function defineTransitions<State extends string>(table: Readonly<Record<State, readonly State[]>>): Transitions<State> {
  const allows = (from: State, to: State) => table[from].includes(to)
  return {
    allows,
    require(from, to) {
      if (!allows(from, to)) throw new DomainError('CONFLICT', { from, to })
    },
  }
}

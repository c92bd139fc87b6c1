import { describeFailure } from '@stellr/kit'
import { Refusal } from './command.ts'

/** Asks several of whom some may be away. These are named in the end, and hide nothing of the others. */
export interface RollCall {
  /** What this one answers; nothing when it is away. */
  ask<T>(name: string, answer: Promise<T[]>): Promise<T[]>
  readonly away: readonly string[]
  /** Throws when anybody was away. */
  requireAll(): void
}

export function callRoll(): RollCall {
  const away: string[] = []
  return {
    away,
    ask: (name, answer) =>
      answer.catch((error: unknown) => {
        away.push(`${name}: ${describeFailure(error)}`)
        return []
      }),
    requireAll() {
      if (away.length > 0) throw new Refusal(`These did not answer:\n${away.join('\n')}`)
    },
  }
}

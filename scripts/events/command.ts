import { parseArgs } from 'node:util'
import type { Desk } from './desk.ts'

/** How a command speaks. */
export interface Voice {
  /** A result, for a terminal. */
  say(line: string): void
  /** The whole result, for machines: said instead of all lines. */
  json(result: unknown): void
  /** How far it is; not part of the result. */
  progress(line: string): void
}

/** A command's arguments, read. Throws a UsageError for what it does not understand. */
export type Read<Arguments> = (positionals: readonly string[], options: Options) => Arguments

export interface Options {
  flag(name: string): boolean
  text(name: string): string | undefined
}

interface Definition<Arguments> {
  name: string
  /** What stands behind its name in the usage. */
  takes: string
  does: string
  flags?: readonly string[]
  texts?: readonly string[]
  read: Read<Arguments>
  run(given: Arguments, desk: Desk, voice: Voice): Promise<void>
}

export interface Command {
  name: string
  takes: string
  does: string
  /** Reads the arguments; what it returns does the work. */
  prepare(argv: readonly string[]): { json: boolean; run(desk: Desk, voice: Voice): Promise<void> }
}

/** Wrong arguments: the usage is shown. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** Something that the operator asks for cannot be: said without a stack. */
export class Refusal extends Error {
  override name = 'Refusal'
}

export function defineCommand<Arguments>({ flags = [], texts = [], read, run, ...about }: Definition<Arguments>): Command {
  const options = Object.fromEntries([
    ...[...flags, 'json'].map((name) => [name, { type: 'boolean' as const }]),
    ...texts.map((name) => [name, { type: 'string' as const }]),
  ])
  return {
    ...about,
    prepare(argv) {
      const { positionals, values } = parse(argv, options)
      const given = read(positionals, {
        flag: (name) => values[name] === true,
        text: (name) => {
          const value = values[name]
          return typeof value === 'string' ? value : undefined
        },
      })
      return { json: values['json'] === true, run: (desk, voice) => run(given, desk, voice) }
    },
  }
}

function parse(argv: readonly string[], options: Record<string, { type: 'boolean' } | { type: 'string' }>) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

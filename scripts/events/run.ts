import { ConfigError, type Environment } from '@stellr/kit'
import { Refusal, UsageError, type Command } from './command.ts'
import { atDesk } from './desk.ts'
import { discard } from './discard.ts'
import { lag } from './lag.ts'
import { parked } from './parked.ts'
import { rebuild } from './rebuild.ts'
import { replay } from './replay.ts'
import { replayFrom } from './replay-from.ts'
import { show } from './show.ts'

const commands: readonly Command[] = [lag, parked, show, replay, discard, replayFrom, rebuild]

/** Where a command is run: its settings, and where it writes results and everything else. */
export interface Surroundings {
  env: Environment
  out(text: string): void
  err(text: string): void
}

/** Runs one command. Returns the exit code: 0 done, 1 not possible, 2 wrong arguments. */
export async function runEvents([name, ...argv]: readonly string[], { env, out, err }: Surroundings): Promise<number> {
  const command = commands.find((one) => one.name === name)
  try {
    if (name === undefined || name === 'help' || name === '--help') {
      out(usage)
      return name === undefined ? 2 : 0
    }
    if (!command) throw new UsageError(`No command is called ${name}`)
    const { json, run } = command.prepare(argv)
    const voice = {
      say: (line: string) => (json ? undefined : out(line)),
      json: (result: unknown) => (json ? out(JSON.stringify(result, null, 2)) : undefined),
      progress: err,
    }
    await atDesk(env, (desk) => run(desk, voice))
    return 0
  } catch (error) {
    if (error instanceof UsageError) {
      err(`${error.message}\n\n${command ? usageOf(command) : usage}`)
      return 2
    }
    err(error instanceof Refusal || error instanceof ConfigError ? error.message : explain(error))
    return 1
  }
}

const usageOf = ({ name, takes, does }: Command) => `pnpm events ${name} ${takes}`.trimEnd() + `\n    ${does}`

const usage = `${commands.map(usageOf).join('\n')}

Every command takes --json. What changes anything only says what it would do, unless --yes is given.
Times have an offset: 2026-11-24T09:30:00Z. Groups are called like their domain.`

function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

import { parseArgs } from 'node:util'
import { ConfigError, type Environment } from '@stellr/kit'
import { readTime } from '../events/arguments.ts'
import { UsageError } from '../events/command.ts'
import { audit } from './audit.ts'
import { atAuditDesk, type AuditDesk } from './desk.ts'
import { asJson, inLines } from './report.ts'

const usage = `pnpm payments:audit [--json] [--since <time>] [--until <time>] [--grace <seconds>] [--settled]
    Compares what payments, the provider's ledger and enrollments say of all money, and prints every disagreement.

--since, --until   only payments that were begun from then on, or before then; times have an offset: 2026-11-24T09:30:00Z
--grace            what changed in the last so many seconds may be on its way and is left out: 600 unless said otherwise
--settled          nothing is on its way: the same as --grace 0
Exit codes: 0 no disagreement, 1 disagreements, 2 the audit could not be made.`

interface Surroundings {
  env: Environment
  out(text: string): void
  err(text: string): void
  /** Where it is made; by default, where the environment says. */
  at?<T>(env: Environment, work: (desk: AuditDesk) => Promise<T>): Promise<T>
}

/** Makes an audit. Returns the exit code. */
export async function runAudit(argv: readonly string[], { env, out, err, at = atAuditDesk }: Surroundings): Promise<0 | 1 | 2> {
  try {
    const { json, help, ...options } = readArguments(argv)
    if (help) {
      out(usage)
      return 0
    }
    const audited = await at(env, (desk) => audit({ ...desk, ...options }))
    out(json ? asJson(audited) : inLines(audited).join('\n'))
    return audited.total === 0 ? 0 : 1
  } catch (error) {
    if (error instanceof UsageError) err(`${error.message}\n\n${usage}`)
    else err(error instanceof ConfigError ? error.message : `the audit could not be made: ${explain(error)}`)
    return 2
  }
}

function readArguments(argv: readonly string[]) {
  const { json, help, since, until, grace, settled } = parse(argv)
  return {
    json,
    help,
    since: since === undefined ? undefined : readTime(since),
    until: until === undefined ? undefined : readTime(until),
    graceSeconds: settled ? 0 : readSeconds(grace),
  }
}

function parse(argv: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...argv],
      options: { json: flag, help: flag, settled: flag, since: text, until: text, grace: { ...text, default: '600' } },
    }).values
  } catch (error) {
    throw new UsageError(explain(error))
  }
}

function readSeconds(value: string): number {
  if (!/^\d{1,6}$/.test(value)) throw new UsageError(`Not a number of seconds: ${value}`)
  return Number(value)
}

function explain(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(explain).join('; ')
  return error instanceof Error ? error.message : String(error)
}

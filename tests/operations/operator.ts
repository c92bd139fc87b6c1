import { createLogger, openPostgresLog, systemRandom, type Environment, type Envelope, type EventLog } from '@stellr/kit'
import { query } from '@stellr/kit/testing'
import { databaseUrl } from '../../scripts/platform/databases.ts'
import { runEvents } from '../../scripts/events/run.ts'

export interface Told {
  code: number
  out: string
  err: string
  // oxlint-disable-next-line typescript/no-explicit-any -- what a command says, whatever its shape
  json: any
}

/** Runs `pnpm events` with these arguments, in this process. */
export async function operate(env: Environment, ...argv: string[]): Promise<Told> {
  const out: string[] = []
  const err: string[] = []
  const code = await runEvents(argv, { env, out: (text) => out.push(text), err: (text) => err.push(text) })
  const text = out.join('\n')
  return { code, out: text, err: err.join('\n'), json: argv.includes('--json') && text !== '' ? JSON.parse(text) : null }
}

/** Everything that a command might change: what is parked, taken in and waiting to be published, in every one of the databases. */
export async function stateOf(env: Environment, ...domains: string[]): Promise<string> {
  const states = domains.map((domain) =>
    query<{ state: unknown }>(
      databaseUrl(env, domain),
      `SELECT (SELECT json_agg(p ORDER BY seq) FROM stellr.parked p) AS parked, (SELECT json_agg(o ORDER BY seq) FROM stellr.outbox o) AS outbox,
         (SELECT json_agg(i ORDER BY event_id) FROM stellr.inbox i) AS inbox`,
    ),
  )
  return JSON.stringify(await Promise.all(states))
}

/** A member of nothing that looks into the event log, and adds to it. */
export async function openLog(env: Environment): Promise<EventLog> {
  return openPostgresLog({ url: databaseUrl(env, 'events'), log: createLogger({ name: 'test', level: 'silent' }) })
}

/** What the audit topic tells of operators. */
export async function operations(log: EventLog): Promise<Record<string, unknown>[]> {
  const records = await Array.fromAsync(log.read('audit'))
  return records.map(({ event }) => event.data).filter((data) => data['source'] === 'OPERATOR')
}

/** Appends somebody's new time zones to the topic of users, as the domain users does: one event for each. */
export async function tellTimeZones(log: EventLog, userId: string, ...timeZones: string[]): Promise<Envelope[]> {
  const events = timeZones.map((timeZone, index): Envelope => ({
    specversion: '1.0',
    id: systemRandom.id(),
    type: 'profile.updated',
    source: '/stellr/users',
    subject: userId,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    dataversion: 1,
    aggregateversion: index + 1,
    data: { userId, name: 'Ada', avatarUrl: null, locale: 'en', timeZone },
  }))
  await log.append('users', events)
  return events
}

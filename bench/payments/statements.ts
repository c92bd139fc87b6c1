import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'

/** What PostgreSQL needs to start with, so that statements can be counted whichever process sends them. */
export const countingSettings = { shared_preload_libraries: 'pg_stat_statements' }

/** How many statements a database answers, the ends of transactions included. */
export interface StatementCount {
  /** What `work` costs in each database beyond what the platform looks for by itself. */
  of(work: () => Promise<unknown>): Promise<Map<string, number>>
  close(): Promise<void>
}

const IDLE_MS = 4_000
const AFTERMATH_MS = 1_500

/** `databases` by the names that the count shall have. */
export async function openStatementCount(serverUrl: string, databases: ReadonlyMap<string, string>): Promise<StatementCount> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements')

  async function during(work: () => Promise<unknown>): Promise<{ counts: Map<string, number>; elapsedMs: number }> {
    await client.query('SELECT pg_stat_statements_reset()')
    const startedAt = performance.now()
    await work()
    const { rows } = await client.query<{ datname: string; calls: number }>(
      'SELECT datname, sum(calls)::int AS calls FROM pg_stat_statements JOIN pg_database ON oid = dbid GROUP BY datname',
    )
    const elapsedMs = performance.now() - startedAt
    const callsOf = new Map(rows.map(({ datname, calls }) => [datname, calls]))
    return { counts: new Map([...databases].map(([name, database]) => [name, callsOf.get(database) ?? 0])), elapsedMs }
  }

  return {
    async of(work) {
      const idle = await during(() => wait(IDLE_MS))
      const busy = await during(async () => {
        await work()
        // What follows in other domains.
        await wait(AFTERMATH_MS)
      })
      const byItself = (name: string) => ((idle.counts.get(name) ?? 0) / idle.elapsedMs) * busy.elapsedMs
      return new Map([...busy.counts].map(([name, calls]) => [name, Math.max(0, calls - byItself(name))]))
    },
    close: () => client.end(),
  }
}

import { createLogger, openEventLog, type Envelope } from '@stellr/kit'
import { query } from '@stellr/kit/testing'
import { domains } from '../../schema/index.ts'
import type { School } from './school.ts'

/** What every domain has published because of what the school's people asked for. */
export async function publishedBy(school: School): Promise<Envelope[]> {
  const sql = `SELECT event FROM stellr.outbox WHERE event ->> 'correlationid' = 'journey' ORDER BY seq`
  const found = domains.map((domain) => query<{ event: Envelope }>(school.env[`${domain.toUpperCase()}_DATABASE_URL`] ?? '', sql))
  return (await Promise.all(found)).flat().map(({ event }) => event)
}

/** What a topic of the school's event log holds whose data says this, each event once, in order within an aggregate. */
export async function logged(school: School, topic: string, data: Record<string, unknown>): Promise<Envelope[]> {
  const log = await openEventLog(school.env, createLogger({ name: 'testkit', level: 'silent' }))
  const found = new Map<string, Envelope>()
  try {
    for await (const { event } of log.read(topic)) {
      if (Object.entries(data).every(([key, value]) => event.data[key] === value)) found.set(event.id, event)
    }
  } finally {
    await log.close()
  }
  return [...found.values()]
}

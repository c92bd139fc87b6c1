import type { Envelope } from '@stellr/kit'
import { query } from '@stellr/kit/testing'
import { domains } from '../../schema/index.ts'
import type { School } from './school.ts'

/** What every domain has published because of what the school's people asked for. */
export async function publishedBy(school: School): Promise<Envelope[]> {
  const sql = `SELECT event FROM stellr.outbox WHERE event ->> 'correlationid' = 'journey' ORDER BY seq`
  const found = domains.map((domain) => query<{ event: Envelope }>(school.env[`${domain.toUpperCase()}_DATABASE_URL`] ?? '', sql))
  return (await Promise.all(found)).flat().map(({ event }) => event)
}

import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { databaseUrl } from '../../scripts/platform/databases.ts'

/**
 * How many events a second get from the outbox of courses to their effect in enrollments, when `count` wait at once: each is a
 * course that nobody has heard of, and its effect an offer.
 */
export async function measureThroughput(env: NodeJS.ProcessEnv, count: number): Promise<number> {
  const [courses, enrollments] = await Promise.all([connect(databaseUrl(env, 'courses')), connect(databaseUrl(env, 'enrollments'))])
  try {
    const offers = async () => (await enrollments.query<{ count: number }>('SELECT count(*)::int AS count FROM offer')).rows[0]?.count ?? 0
    const before = await offers()
    await courses.query(COPY_COURSES, [count])
    await courses.query(`NOTIFY stellr_outbox`)
    const startedAt = performance.now()
    while ((await offers()) < before + count) await wait(20)
    return count / ((performance.now() - startedAt) / 1000)
  } finally {
    await Promise.all([courses.end(), enrollments.end()])
  }
}

// Events like the one that published the first course, about other courses.
const COPY_COURSES = `
  WITH template AS (SELECT topic, aggregate_type, event FROM stellr.outbox WHERE event ->> 'type' = 'course.published' ORDER BY seq LIMIT 1),
       fresh AS (SELECT gen_random_uuid() AS event_id, gen_random_uuid()::text AS course FROM generate_series(1, $1::int))
  INSERT INTO stellr.outbox (event_id, topic, aggregate_type, aggregate_id, aggregate_version, event)
  SELECT event_id, topic, aggregate_type, course, 1, event || jsonb_build_object(
    'id', event_id, 'subject', course, 'aggregateversion', 1,
    'data', (event -> 'data') || jsonb_build_object('courseId', course, 'slug', course))
  FROM template, fresh`

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client
}

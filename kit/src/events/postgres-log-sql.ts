/** The Postgres log's own tables, in a database of its own. Idempotent. */
export const logSql = `
SET LOCAL client_min_messages = warning;
SELECT pg_advisory_xact_lock(hashtextextended('stellr event log', 0));
CREATE SCHEMA IF NOT EXISTS event_log;

CREATE TABLE IF NOT EXISTS event_log.topic (
  name text PRIMARY KEY,
  partitions integer NOT NULL,
  retention_days integer NOT NULL
);
ALTER TABLE event_log.topic ADD COLUMN IF NOT EXISTS compacted boolean NOT NULL DEFAULT false;
CREATE TABLE IF NOT EXISTS event_log.partition (
  topic text NOT NULL REFERENCES event_log.topic,
  partition integer NOT NULL,
  next_offset bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);
CREATE TABLE IF NOT EXISTS event_log.record (
  topic text NOT NULL,
  partition integer NOT NULL,
  "offset" bigint NOT NULL,
  event_id uuid NOT NULL UNIQUE,
  event jsonb NOT NULL,
  appended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (topic, partition, "offset")
);
CREATE TABLE IF NOT EXISTS event_log.group_offset (
  group_name text NOT NULL,
  topic text NOT NULL,
  partition integer NOT NULL,
  next_offset bigint NOT NULL DEFAULT 0,
  served_at timestamptz NOT NULL DEFAULT now(),
  failures integer NOT NULL DEFAULT 0,
  paused_until timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (group_name, topic, partition)
) WITH (fillfactor = 50);

-- Offsets are given out under the partition's row lock, so the order of commits is the order of offsets and a reader
-- never finds a gap that is filled later. Each statement of this function sees what was committed before it began:
-- the look for known events comes after the lock. Partitions are locked in order, or two appends could wait for each other.
CREATE OR REPLACE FUNCTION event_log.append(in_topic text, in_partitions integer[], in_events jsonb[]) RETURNS void
LANGUAGE plpgsql AS $append$
BEGIN
  PERFORM 1 FROM event_log.partition
    WHERE topic = in_topic AND partition = ANY (in_partitions) ORDER BY partition FOR UPDATE;
  WITH fresh AS (
    SELECT given.partition, (given.event ->> 'id')::uuid AS event_id, given.event,
      row_number() OVER (PARTITION BY given.partition ORDER BY given.place) - 1 AS step
    FROM unnest(in_partitions, in_events) WITH ORDINALITY AS given (partition, event, place)
    -- One look for each, by the one index that can serve it: what is planned while the table is small is used for long.
    WHERE (SELECT 1 FROM event_log.record known WHERE known.event_id = (given.event ->> 'id')::uuid) IS NULL
  ), moved AS (
    UPDATE event_log.partition p SET next_offset = p.next_offset + counted.events
    FROM (SELECT partition, count(*) AS events FROM fresh GROUP BY partition) counted
    WHERE p.topic = in_topic AND p.partition = counted.partition
    RETURNING p.partition, p.next_offset - counted.events AS first
  )
  INSERT INTO event_log.record (topic, partition, "offset", event_id, event)
  SELECT in_topic, fresh.partition, moved.first + fresh.step, fresh.event_id, fresh.event FROM fresh JOIN moved USING (partition);
END
$append$;
`

/** Whether there is something to claim. $1 group, $2 topics. */
export const lookSql = `SELECT 1 FROM event_log.group_offset g JOIN event_log.partition p USING (topic, partition)
WHERE g.group_name = $1 AND g.topic = ANY ($2) AND g.next_offset < p.next_offset AND g.paused_until <= clock_timestamp() LIMIT 1`

/**
 * Claims one partition that has something for the group and reads its next records. The row lock is the claim: it lasts as
 * long as the transaction. The partition that has waited longest comes first. $1 group, $2 topics, $3 how many.
 */
export const claimSql = `
WITH claim AS MATERIALIZED (
  SELECT g.topic, g.partition, g.next_offset, g.failures, p.next_offset AS head
  FROM event_log.group_offset g JOIN event_log.partition p USING (topic, partition)
  WHERE g.group_name = $1 AND g.topic = ANY ($2) AND g.next_offset < p.next_offset AND g.paused_until <= clock_timestamp()
  ORDER BY g.served_at LIMIT 1
  FOR UPDATE OF g SKIP LOCKED
)
SELECT claim.topic, claim.partition, claim.failures, claim.head, r."offset", r.event
FROM claim LEFT JOIN LATERAL (
  SELECT "offset", event FROM event_log.record
  WHERE topic = claim.topic AND partition = claim.partition AND "offset" >= claim.next_offset
  ORDER BY "offset" LIMIT $3
) r ON true
ORDER BY r."offset"`

/** Moves a group on. $4 is the offset that comes next. */
export const advanceSql = `UPDATE event_log.group_offset
SET next_offset = greatest(next_offset, $4), failures = 0, served_at = clock_timestamp()
WHERE group_name = $1 AND topic = $2 AND partition = $3`

/** Lets a partition rest after a failure, for every member of the group. $4 is for how many milliseconds. */
export const pauseSql = `UPDATE event_log.group_offset
SET failures = failures + 1, paused_until = clock_timestamp() + make_interval(secs => $4 / 1000.0), served_at = clock_timestamp()
WHERE group_name = $1 AND topic = $2 AND partition = $3`

/** Deletes from compacted topics what is old and has been followed by a later event of the same aggregate. */
export const compactSql = `DELETE FROM event_log.record r USING (
  SELECT old.topic, old.partition, old."offset", old.appended_at, t.retention_days,
    lead(old."offset") OVER (
      PARTITION BY old.topic, old.partition, old.event ->> 'subject', split_part(old.event ->> 'type', '.', 1) ORDER BY old."offset"
    ) AS followed_by
  FROM event_log.record old JOIN event_log.topic t ON t.name = old.topic WHERE t.compacted
) old
WHERE r.topic = old.topic AND r.partition = old.partition AND r."offset" = old."offset"
  AND old.followed_by IS NOT NULL AND old.appended_at < now() - make_interval(days => old.retention_days)`

/** Deletes a bite of what is older than its topic keeps, from the oldest end of each partition. $1 is how much of each. */
export const trimSql = `DELETE FROM event_log.record r USING (
  SELECT old.topic, old.partition, old."offset" FROM event_log.topic t JOIN event_log.partition p ON p.topic = t.name
  CROSS JOIN LATERAL (
    SELECT topic, partition, "offset", appended_at FROM event_log.record
    WHERE topic = p.topic AND partition = p.partition ORDER BY "offset" LIMIT $1
  ) old
  WHERE old.appended_at < now() - make_interval(days => t.retention_days) AND NOT t.compacted
) old
WHERE r.topic = old.topic AND r.partition = old.partition AND r."offset" = old."offset"`

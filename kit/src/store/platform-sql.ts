/**
 * The tables that every domain's database has besides the domain's own: kit's, in a schema of their own, so that they
 * stand in no schema.prisma and no domain's migration. Idempotent: run at every start, changed only by adding to it.
 */
export const platformSql = `
SET LOCAL client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS stellr;

-- What others must hear of. seq is in commit order per aggregate, because a row is added while its aggregate's row is locked.
CREATE TABLE IF NOT EXISTS stellr.outbox (
  seq bigint GENERATED ALWAYS AS IDENTITY,
  event_id uuid PRIMARY KEY,
  topic text NOT NULL,
  aggregate_type text NOT NULL,
  aggregate_id text NOT NULL,
  aggregate_version integer NOT NULL,
  event jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  published_at timestamptz
);
CREATE UNIQUE INDEX IF NOT EXISTS outbox_aggregate_version_key
  ON stellr.outbox (topic, aggregate_type, aggregate_id, aggregate_version);
-- The only index on seq: with another, a plan made while the table was small might walk over all that is published.
CREATE INDEX IF NOT EXISTS outbox_unpublished_idx ON stellr.outbox (seq) WHERE published_at IS NULL;
CREATE INDEX IF NOT EXISTS outbox_published_at_idx ON stellr.outbox (published_at) WHERE published_at IS NOT NULL;

-- What has been taken in, so that a second delivery has no second effect.
CREATE TABLE IF NOT EXISTS stellr.inbox (
  group_name text NOT NULL,
  event_id uuid NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  -- After this moment the log cannot deliver it again.
  keep_until timestamptz NOT NULL,
  PRIMARY KEY (group_name, event_id)
);
CREATE INDEX IF NOT EXISTS inbox_keep_until_idx ON stellr.inbox (keep_until);

-- What could not be handled. The head of an aggregate is RETRYING or DEAD; those BEHIND it wait for it.
CREATE TABLE IF NOT EXISTS stellr.parked (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id uuid NOT NULL UNIQUE,
  group_name text NOT NULL,
  topic text NOT NULL,
  aggregate_type text NOT NULL,
  aggregate_id text NOT NULL,
  event jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('RETRYING', 'BEHIND', 'DEAD')),
  tries integer NOT NULL DEFAULT 0,
  waits integer NOT NULL DEFAULT 0,
  error text,
  next_try_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
-- Where the log held it.
ALTER TABLE stellr.parked ADD COLUMN IF NOT EXISTS log_partition integer, ADD COLUMN IF NOT EXISTS log_offset bigint;
CREATE INDEX IF NOT EXISTS parked_aggregate_idx ON stellr.parked (group_name, aggregate_type, aggregate_id, seq);
CREATE INDEX IF NOT EXISTS parked_next_try_at_idx ON stellr.parked (group_name, next_try_at) WHERE state = 'RETRYING';

-- What those hear who listen, by stream. seq has no gap within a stream, and is in commit order: whoever adds a row holds the
-- lock of the stream's head, which has the number given out last. data is null where somebody only needed a place to begin.
CREATE TABLE IF NOT EXISTS stellr.feed (
  stream text NOT NULL,
  seq bigint NOT NULL,
  data jsonb NOT NULL,
  at timestamptz NOT NULL,
  keep_until timestamptz NOT NULL,
  PRIMARY KEY (stream, seq)
);
CREATE INDEX IF NOT EXISTS feed_keep_until_idx ON stellr.feed (keep_until);
-- Changed with every row of its stream: room in its page, and no second index, keep that cheap.
CREATE TABLE IF NOT EXISTS stellr.feed_head (stream text PRIMARY KEY, seq bigint NOT NULL) WITH (fillfactor = 70);

-- The processes that have listeners, so that nobody is notified where nobody listens.
CREATE UNLOGGED TABLE IF NOT EXISTS stellr.feed_listener (id text PRIMARY KEY, until timestamptz NOT NULL);

-- Lets one transaction at a time work on what a group has of one aggregate.
CREATE OR REPLACE FUNCTION stellr.lock_line(in_group text, in_type text, in_id text) RETURNS void LANGUAGE sql AS $lock_line$
  SELECT pg_advisory_xact_lock(hashtextextended(concat_ws(' ', 'stellr line', in_group, in_type, in_id), 0))
$lock_line$;

-- Takes an event into a group's inbox once nobody else works on its aggregate, until the transaction ends: 'known' if it
-- was there already, 'behind' if an earlier one of its aggregate is parked. Each statement sees what was committed before
-- it began, so what the lock was waited for is seen: one plain statement would look from before the wait.
CREATE OR REPLACE FUNCTION stellr.take_in(in_group text, in_type text, in_id text, in_event uuid, in_keep_until timestamptz)
RETURNS text LANGUAGE plpgsql AS $take_in$
BEGIN
  PERFORM stellr.lock_line(in_group, in_type, in_id);
  INSERT INTO stellr.inbox (group_name, event_id, keep_until) VALUES (in_group, in_event, in_keep_until) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN 'known'; END IF;
  PERFORM 1 FROM stellr.parked WHERE group_name = in_group AND aggregate_type = in_type AND aggregate_id = in_id LIMIT 1;
  RETURN CASE WHEN FOUND THEN 'behind' ELSE 'new' END;
END
$take_in$;

-- Events of the domain's own that a group of its own has not handled: they are on their way to it, or parked there. Events
-- leave the outbox a day after they were published, so a group that is further behind has more than this tells.
CREATE OR REPLACE FUNCTION stellr.own_unhandled(in_group text, in_topic text, in_type text, in_ids text[])
RETURNS SETOF jsonb LANGUAGE sql STABLE AS $own_unhandled$
  SELECT o.event FROM stellr.outbox o
  WHERE o.topic = in_topic AND o.aggregate_type = in_type AND o.aggregate_id = ANY (in_ids)
    AND NOT EXISTS (SELECT FROM stellr.inbox i WHERE i.group_name = in_group AND i.event_id = o.event_id)
  UNION ALL
  SELECT p.event FROM stellr.parked p
  WHERE p.group_name = in_group AND p.aggregate_type = in_type AND p.aggregate_id = ANY (in_ids)
$own_unhandled$;
`

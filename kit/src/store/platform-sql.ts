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
CREATE INDEX IF NOT EXISTS parked_aggregate_idx ON stellr.parked (group_name, aggregate_type, aggregate_id, seq);
CREATE INDEX IF NOT EXISTS parked_next_try_at_idx ON stellr.parked (group_name, next_try_at) WHERE state = 'RETRYING';

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
`

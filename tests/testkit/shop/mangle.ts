import type { Shop } from './shop.ts'

/** How many in ten of all webhooks befalls what. */
export interface Mangling {
  /** Never sent. */
  lost: number
  /** Sent three times. */
  doubled: number
  /** Sent up to a second late, and so after later ones. */
  late: number
}

const MOST_LATE_MS = 1_000

/** Has the sandbox's webhooks go wrong, whatever they are about. Which ones is drawn from their ids. */
export async function mangleWebhooks(sql: Shop['sql'], { lost, doubled, late }: Mangling): Promise<void> {
  await sql(
    'payments',
    `CREATE FUNCTION mangle() RETURNS trigger LANGUAGE plpgsql AS $$
     DECLARE
       drawn integer := ('x' || substr(md5(NEW.id::text), 1, 7))::bit(28)::integer;
     BEGIN
       NEW.copies := 1;
       IF drawn % 10 < ${lost} THEN NEW.send_at := NULL;
       ELSIF drawn % 10 < ${lost + doubled} THEN NEW.copies := 3;
       ELSIF drawn % 10 < ${lost + doubled + late} THEN
         NEW.send_at := NEW.send_at + (drawn / 10) % ${MOST_LATE_MS} * interval '1 millisecond';
       END IF;
       INSERT INTO mangled (fate) VALUES (CASE WHEN NEW.send_at IS NULL THEN 'lost' WHEN NEW.copies > 1 THEN 'three times'
         WHEN NEW.send_at > NEW.created_at THEN 'late' ELSE 'as it should' END);
       RETURN NEW;
     END $$`,
  )
  await sql('payments', 'CREATE TABLE mangled (fate text)')
  await sql('payments', 'CREATE TRIGGER mangled BEFORE INSERT ON sandbox_event FOR EACH ROW EXECUTE FUNCTION mangle()')
}

/** What befell them: a count for each fate. */
export async function countMangled(sql: Shop['sql']): Promise<Record<string, number>> {
  const rows = await sql<{ fate: string; many: number }>(
    'payments',
    'SELECT fate, count(*)::int AS many FROM mangled GROUP BY fate ORDER BY fate',
  )
  return Object.fromEntries(rows.map(({ fate, many }) => [fate, many]))
}

import { z } from 'zod'
import { DomainError } from './errors.ts'

export const MAX_PAGE_SIZE = 50
const DEFAULT_PAGE_SIZE = 20

/** A moment in a cursor. Some that ISO 8601 can write, such as the year 0, no database can read. */
export const momentKey = z.iso.datetime().refine((text) => text >= '1970', 'must be a time since 1970')
const LONGEST_CURSOR = 1000

export interface PageArgs {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
}

/** A Relay connection. */
export interface Connection<Row> {
  edges: { cursor: string; node: Row }[]
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null }
}

export interface PageOrder<Row, Key extends z.ZodType> {
  /** Names the list and its order: a cursor of another list is refused. */
  name: string
  /** The sort key, ending in something unique, as it is written into cursors: `z.tuple([momentKey, z.uuid()])`. */
  key: Key
  of(row: Row): z.input<Key>
}

export interface PageQuery<Key> {
  /** How many rows to read: one more than asked for, to see whether there are more. */
  limit: number
  /** The key of the last row of the page before; null for the first page. */
  after: Key | null
}

/** One page of a list, by keyset. Throws BAD_USER_INPUT for `first` outside 0 to 50 and for cursors that are not ours. */
export async function page<Row, Key extends z.ZodType>(
  { first, after }: PageArgs,
  order: PageOrder<Row, Key>,
  query: (query: PageQuery<z.output<Key>>) => Promise<readonly Row[]>,
): Promise<Connection<Row>> {
  const size = first ?? DEFAULT_PAGE_SIZE
  if (size < 0 || size > MAX_PAGE_SIZE) {
    throw new DomainError('BAD_USER_INPUT', [{ path: 'first', rule: 'range', message: `must be from 0 to ${MAX_PAGE_SIZE}` }])
  }
  const rows = await query({ limit: size + 1, after: after == null ? null : decodeCursor(after, order) })
  const edges = rows.slice(0, size).map((node) => ({ cursor: encodeCursor(node, order), node }))
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > size,
      hasPreviousPage: after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

function encodeCursor<Row, Key extends z.ZodType>(row: Row, order: PageOrder<Row, Key>): string {
  return Buffer.from(JSON.stringify([order.name, order.of(row)])).toString('base64url')
}

function decodeCursor<Row, Key extends z.ZodType>(cursor: string, order: PageOrder<Row, Key>): z.output<Key> {
  const parsed = z.tuple([z.literal(order.name), order.key]).safeParse(readJson(cursor))
  if (!parsed.success) {
    throw new DomainError('BAD_USER_INPUT', [{ path: 'after', rule: 'cursor', message: 'must be an endCursor of this very list' }])
  }
  return (parsed.data as [string, z.output<Key>])[1]
}

function readJson(cursor: string): unknown {
  if (cursor.length > LONGEST_CURSOR) return undefined
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

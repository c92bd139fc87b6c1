import { z } from 'zod'

/** Streams of one kind. Each tells what happens to one thing, such as one enrollment, in the order in which it was committed. */
export interface Feed<T extends z.ZodObject = z.ZodObject> {
  name: string
  /** For how long what was told can be told again to those who were away. */
  keepHours: number
  /** What an entry tells: ids and numbers only, as nobody looks here for names that must be erased. It is kept encoded, as JSON. */
  data: T
}

/** What a feed tells of one change. */
export interface Entry<Data> {
  /** Goes on after this one. Opaque. */
  cursor: string
  data: Data
  /** When it happened. */
  at: Date
}

/** Lets those hear of changes who listen. Only inside a transaction. */
export interface FeedWriter {
  /**
   * Tells whoever listens to the stream `key` of `feed` when this transaction commits; all that one transaction tells is
   * written by one statement at its end. Transactions that tell the same stream wait there for each other.
   */
  add<T extends z.ZodObject>(feed: Feed<T>, key: string, data: z.output<T>): Promise<void>
}

export interface ListenOptions<Store, T extends z.ZodObject, Event> {
  /** The cursor after which to go on. */
  after?: string | null | undefined
  /**
   * Without `after`, what to begin with: the present state, read from a store that shows one moment. Every change after that
   * moment follows. When left out, the stream begins with what happens next.
   */
  first?: ((store: Store) => Promise<{ data: z.output<T>; at: Date }>) | undefined
  /**
   * Makes what is sent out of each entry; `store` is one that others who hear it now share. Whether the listener may still hear it is asked here: what
   * this throws is the last thing that they get. It lives as long as the listener, so it should hold on to little.
   */
  each(entry: Entry<z.output<T>>, store: () => Store): Event | Promise<Event>
}

/** In the data of a feed: a moment. */
export const feedMoment = z.codec(z.iso.datetime(), z.date(), { decode: (text) => new Date(text), encode: (date) => date.toISOString() })

/** In the data of a feed: a bigint that a number can hold. */
export const feedBigInt = z.codec(z.int(), z.bigint(), { decode: BigInt, encode: Number })

/** Declares a kind of stream. Within it, fields of `data` are only ever added: what is kept is read by the next release. */
export function defineFeed<T extends z.ZodObject>(name: string, options: Omit<Feed<T>, 'name'>): Feed<T> {
  return { name, ...options }
}

/** The name of one stream among all of a database. */
export function streamOf({ name }: Pick<Feed, 'name'>, key: string): string {
  return `${name}:${key}`
}

import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'
import type { Clock } from './clock.ts'
import type { Consumer } from './events/consumers.ts'
import type { Topic } from './events/contracts.ts'
import type { WaitOptions } from './events/own-writes.ts'
import type { Projection } from './events/projections.ts'
import type { Random } from './ids.ts'
import type { Feed, ListenOptions } from './live/feeds.ts'
import type { Listener } from './live/listener.ts'
import type { Job } from './events/jobs.ts'
import type { Logger } from './log.ts'
import type { StoreDefinition, Transactional } from './store/store.ts'
import type { UserViewer, Viewer } from './identity/viewer.ts'

/** Where a request came from, as the router saw it. */
export interface Caller {
  ipAddress: string | null
  userAgent: string | null
  /** The router's own address as clients reach it, without a slash at its end. */
  publicUrl?: string | undefined
}

// Apollo Server copies the context, so what changes it must be called on the copy: as a method.
type Identified = Pick<Context, 'viewer' | 'signedIn'>

/** What every use case gets. `Services` are the subgraph's own, built once per process. */
export interface Context<Store extends object = object, Services = unknown> {
  viewer: Viewer
  /** Who has proved during this fetch who they are; null when nobody has. */
  signedIn: UserViewer | null
  caller: Caller
  /** A fresh one per fetch: what it loads is batched and cached within the fetch. */
  store: Transactional<Store>
  services: Services
  clock: Clock
  random: Random
  log: Logger
  /** Aborted when nobody waits for the answer any more. */
  signal: AbortSignal
  /**
   * Reads something of the viewer's own from a projection that may lag by milliseconds: tries again for up to two seconds
   * before it believes that thing `id` is not there. Outside transactions only. An `id` that is not a UUIDv7 of that thing
   * itself, such as the course of an enrollment, is `undated`.
   */
  awaitOwn<T>(this: Identified, id: string, read: () => Promise<T | null>, options?: WaitOptions): Promise<T | null>
  /**
   * Listens to the stream `key` of a feed: what a Subscription field returns. Check first whether the viewer may. Throws
   * BAD_USER_INPUT for a cursor that is none of this stream, and RESYNC_REQUIRED for one after which not everything is kept.
   */
  listen<T extends z.ZodObject, Event>(feed: Feed<T>, key: string, options: ListenOptions<Store, T, Event>): Promise<Listener<Event>>
  /** Where the stream `key` of a feed stands now, as a cursor for `listen`. Check first whether the viewer may listen. */
  cursor(feed: Feed, key: string): Promise<string>
  /**
   * The rest of this operation, here and in other subgraphs, acts as this person: they have just proved who they are. The
   * router believes it of auth alone.
   */
  signIn(this: Identified, viewer: UserViewer): void
}

/** What jobs and start-up work get: a context without anybody asking. */
export type Backstage<Store extends object, Services> = Omit<
  Context<Store, Services>,
  'viewer' | 'signedIn' | 'caller' | 'awaitOwn' | 'listen' | 'cursor' | 'signIn'
>

export interface ServiceTools<Settings, Store extends object> {
  settings: Settings
  /** A store of its own for each call. */
  store(): Transactional<Store>
  clock: Clock
  random: Random
  log: Logger
}

/** Everything that makes one domain: the table of contents of its folder. */
export interface SubgraphDefinition<Shape extends z.ZodObject, Store extends object, Services> {
  /** Names schema/<name>.graphql, prisma/<name>/migrations, the database and the consumer group. */
  name: string
  /** Read from <NAME>_<KEY> variables. */
  config: Shape
  store: StoreDefinition<Store>
  /** Builds what use cases share within a process: keys, limiters, hashers. */
  services?: (tools: ServiceTools<z.output<Shape>, Store>) => Services | Promise<Services>
  // Resolvers are typed by codegen from the SDL in the subgraph; buildSubgraphSchema takes any map of functions.
  resolvers: object
  /** Every topic that its events go to: made at the start. An event of another topic is refused. */
  publishes?: readonly Topic[]
  /** Every feed that it writes to. An entry of another feed is refused. */
  feeds?: readonly Feed[]
  consumers?: readonly Consumer<Store>[]
  /** What its consumers keep of other domains that can be rebuilt while it runs. */
  projections?: readonly Projection<Store>[]
  jobs?: readonly Job<Store, Services>[]
  /** Plain HTTP routes of the domain (listed in schema/index.ts), mounted on whichever host serves it. */
  routes?: (app: FastifyInstance, backstage: () => Backstage<Store, Services>) => void
}

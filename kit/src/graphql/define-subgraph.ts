import { readFileSync } from 'node:fs'
import { buildSubgraphSchema, type GraphQLResolverMap } from '@apollo/subgraph'
import { parse, visit, type DocumentNode, type GraphQLSchema } from 'graphql'
import type { z } from 'zod'
import type { EventDef, Topic } from '../events/contracts.ts'
import { openDomainEvents, type DomainEvents, type OpenEventsOptions } from '../events/domain-events.ts'
import { fromRoot } from '../paths.ts'
import type { SubgraphDefinition } from '../subgraph.ts'
import { enforceRules } from './rules.ts'
import { startSubgraph, type RunningSubgraph, type StartOptions } from './start-subgraph.ts'
import { scalars } from './scalars.ts'

/** A domain as a program: its schema and settings, and how to start it. */
export interface Subgraph {
  name: string
  config: z.ZodObject
  /** The topics that its consumers read. */
  topics: readonly Topic[]
  /** The topics that its events go to. */
  publishes: readonly Topic[]
  /** The events that its consumers hear. */
  hears: readonly EventDef[]
  schema: GraphQLSchema
  /** Where its migrations lie. */
  migrations: string
  /** `settings` is what its `config` made of the environment. */
  start(options: StartOptions): Promise<RunningSubgraph>
  /** Opens its side of the event system for whoever operates it, beside the running service or without one. */
  openEvents(options: OpenEventsOptions): Promise<DomainEvents>
}

/** Makes a domain from its parts. The SDL is schema/<name>.graphql, the migrations are prisma/<name>/migrations. */
export function defineSubgraph<Shape extends z.ZodObject, Store extends object, Services>(
  definition: SubgraphDefinition<Shape, Store, Services>,
): Subgraph {
  const typeDefs = parse(readFileSync(fromRoot(`schema/${definition.name}.graphql`), 'utf8'))
  const resolvers = { ...scalarsIn(typeDefs), ...definition.resolvers } as GraphQLResolverMap<unknown>
  const schema = enforceRules(buildSubgraphSchema([{ typeDefs, resolvers }]))
  const hears = [...new Set((definition.consumers ?? []).map(({ event }) => event))]
  const topics = [...new Set(hears.map(({ topic }) => topic))]
  const migrations = fromRoot(`prisma/${definition.name}/migrations`)
  const { name, store, publishes = [], feeds = [], consumers = [], projections = [] } = definition
  return {
    name,
    config: definition.config,
    topics,
    publishes,
    hears,
    schema,
    migrations,
    start: (options) => startSubgraph(definition, { schema, topics, migrations }, options),
    openEvents: (options) => openDomainEvents({ name, store, topics, publishes, feeds, consumers, projections }, options),
  }
}

function scalarsIn(typeDefs: DocumentNode): Record<string, object> {
  const found: Record<string, object> = {}
  visit(typeDefs, {
    ScalarTypeDefinition: ({ name }) => {
      const scalar = scalars[name.value]
      if (scalar) found[name.value] = scalar
    },
  })
  return found
}

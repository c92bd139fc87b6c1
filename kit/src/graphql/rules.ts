import {
  defaultFieldResolver,
  isObjectType,
  type DirectiveNode,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  Kind,
} from 'graphql'
import type { Viewer } from '../identity/viewer.ts'
import { DomainError } from './errors.ts'

/** What a field asks of the viewer, by the SDL's directives. */
export interface FieldRule {
  /** Answers other parts of the platform only: a root field that is @inaccessible. */
  internal: boolean
  /** @authenticated, or any scopes. */
  authenticated: boolean
  /** @requiresScopes: each outer list must hold; it holds when all of one inner list are granted. */
  scopes: readonly (readonly (readonly string[])[])[]
}

type Resolver = GraphQLFieldResolver<unknown, { viewer: Viewer }>

/** Puts each field's rule in front of its resolver, so that a subgraph does not depend on the router having checked. */
export function enforceRules(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue
    const isRoot = type === schema.getQueryType() || type === schema.getMutationType() || type === schema.getSubscriptionType()
    for (const field of Object.values(type.getFields())) {
      const rule = readRule([...(type.astNode?.directives ?? []), ...(field.astNode?.directives ?? [])], isRoot)
      if (rule) guard(field, rule)
    }
  }
  return schema
}

/** The rule that directives state; null when the field is open to all. */
export function readRule(directives: readonly DirectiveNode[], isRoot: boolean): FieldRule | null {
  const scopes = directives.filter((directive) => directive.name.value === 'requiresScopes').map(readScopes)
  const has = (name: string) => directives.some((directive) => directive.name.value === name)
  const internal = isRoot && has('inaccessible')
  const authenticated = scopes.length > 0 || has('authenticated')
  return internal || authenticated ? { internal, authenticated, scopes } : null
}

/** Throws UNAUTHENTICATED or FORBIDDEN unless the viewer meets the rule. */
export function checkRule(rule: FieldRule, viewer: Viewer): void {
  if (rule.internal && viewer.kind !== 'service') throw new DomainError('FORBIDDEN')
  if (!rule.authenticated) return
  if (viewer.kind !== 'user') throw new DomainError('UNAUTHENTICATED')
  const granted = (scope: string) => viewer.scopes.includes(scope)
  if (!rule.scopes.every((anyOf) => anyOf.some((allOf) => allOf.every(granted)))) throw new DomainError('FORBIDDEN')
}

function guard(field: GraphQLField<unknown, { viewer: Viewer }>, rule: FieldRule): void {
  const { subscribe } = field
  if (subscribe) {
    field.subscribe = (source, args, context, info) => {
      checkRule(rule, context.viewer)
      return subscribe(source, args, context, info)
    }
  }
  const resolve: Resolver = field.resolve ?? defaultFieldResolver
  field.resolve = (source, args, context, info) => {
    checkRule(rule, context.viewer)
    return resolve(source, args, context, info)
  }
}

function readScopes(directive: DirectiveNode): string[][] {
  const value = directive.arguments?.find((argument) => argument.name.value === 'scopes')?.value
  if (value?.kind !== Kind.LIST) return []
  return value.values.map((inner) =>
    inner.kind === Kind.LIST ? inner.values.flatMap((scope) => (scope.kind === Kind.STRING ? [scope.value] : [])) : [],
  )
}

import { checkRule, DomainError, readRule, type ErrorCode, type FieldRule, type Logger, type Viewer } from '@stellr/kit'
import {
  getNamedType,
  isAbstractType,
  Kind,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import { refusal } from '../errors.ts'
import type { Refusals } from '../identity/refusals.ts'

/** `Type.field`, or `Type` for a rule on the whole type, and what it asks of the viewer. */
export type Rules = ReadonlyMap<string, FieldRule>

const MUTATION = 'Mutation.'

/** Reads @authenticated and @requiresScopes out of the supergraph's SDL. */
export function readRules(supergraphSdl: string): Rules {
  const rules = new Map<string, FieldRule>()
  const add = (coordinate: string, directives: readonly DirectiveNode[]) => {
    const rule = readRule(directives, false)
    if (rule) rules.set(coordinate, rule)
  }
  for (const definition of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (!('name' in definition) || !definition.name || definition.kind === Kind.DIRECTIVE_DEFINITION) continue
    const own = definition.directives ?? []
    add(definition.name.value, own)
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue
    for (const field of definition.fields ?? []) add(`${definition.name.value}.${field.name.value}`, [...own, ...(field.directives ?? [])])
  }
  return rules
}

/**
 * Checks an operation as a whole: UNAUTHENTICATED (401) or FORBIDDEN (403) when the viewer may not select one of its
 * fields, wherever fragments put it and whatever @skip and @include say. When it was a person, who and what is logged, and every
 * mutation among the fields goes to `refusals`. What an operation needs is found once.
 */
export function createRuleCheck(
  rules: Rules,
  refusals: Pick<Refusals, 'add'>,
  log: Logger,
): (operation: OperationDefinitionNode, document: DocumentNode, schema: GraphQLSchema, viewer: Viewer) => void {
  const needed = new WeakMap<OperationDefinitionNode, ReadonlyMap<string, FieldRule>>()
  return (operation, document, schema, viewer) => {
    let found = needed.get(operation)
    if (!found) {
      found = rulesOf(operation, document, schema, rules)
      needed.set(operation, found)
    }
    const broken = [...found].flatMap(([field, rule]) => {
      const code = refusalCode(rule, viewer)
      return code ? [{ field, code }] : []
    })
    const [first] = broken
    if (!first) return
    if (viewer.kind === 'user') {
      log.info({ userId: viewer.id, sessionId: viewer.sessionId, ...first }, 'an operation was refused')
      // All of them: a mutation must not hide behind another field of the same operation.
      for (const { field } of broken) if (field.startsWith(MUTATION)) refusals.add(viewer, field.slice(MUTATION.length))
    }
    throw refusal(first.code, { field: first.field })
  }
}

function refusalCode(rule: FieldRule, viewer: Viewer): ErrorCode | null {
  try {
    checkRule(rule, viewer)
    return null
  } catch (error) {
    if (error instanceof DomainError) return error.code
    throw error
  }
}

function rulesOf(operation: OperationDefinitionNode, document: DocumentNode, schema: GraphQLSchema, rules: Rules): Map<string, FieldRule> {
  const found = new Map<string, FieldRule>()
  const need = (coordinate: string) => {
    const rule = rules.get(coordinate)
    if (rule) found.set(coordinate, rule)
  }
  const typeInfo = new TypeInfo(schema)
  const fields = visitWithTypeInfo(typeInfo, {
    Field() {
      const parent = typeInfo.getParentType()
      const field = typeInfo.getFieldDef()
      if (!parent || !field) return
      // A field of an interface or union may turn out to be any of these types, so the strictest rule counts.
      for (const { name } of isAbstractType(parent) ? [parent, ...schema.getPossibleTypes(parent)] : [parent]) {
        need(rules.has(`${name}.${field.name}`) ? `${name}.${field.name}` : name)
      }
      need(getNamedType(field.type).name)
    },
  })
  for (const part of [operation, ...fragmentsOf(operation, document)]) visit(part, fields)
  return found
}

function fragmentsOf(operation: OperationDefinitionNode, document: DocumentNode) {
  const spread = new Set<string>()
  const follow = (node: Parameters<typeof visit>[0]) => {
    visit(node, {
      FragmentSpread({ name: { value } }) {
        if (spread.has(value)) return
        spread.add(value)
        for (const definition of document.definitions) {
          if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === value) follow(definition)
        }
      },
    })
  }
  follow(operation)
  return document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION && spread.has(definition.name.value))
}

import {
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isScalarType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from 'graphql'
import type { Input } from './classroom.ts'
import { hostileValues } from './hostile-values.ts'
import { objectsIn } from './inputs.ts'
import type { Question } from './questions.ts'

/** A place in what is sent, and what to try there. */
export interface Place {
  path: string
  values: Record<string, unknown>
  with(value: unknown): Input
}

/** Every field of an input that somebody honest would send, also within the inputs in it. */
export function placesInInput(type: GraphQLInputObjectType, given: Input, at = 'input'): Place[] {
  return objectsIn(type, given, at).flatMap((target) =>
    Object.values(target.type.getFields()).map(({ name, type }) =>
      placeAt(type, `${target.path}.${name}`, target.value[name], (value) => target.with({ [name]: value })),
    ),
  )
}

/** The same for the arguments of a question. */
export function placesInArguments({ args }: Question, given: Input): Place[] {
  return args.flatMap(({ name, type }) => {
    const named = getNamedType(type)
    const argument = given[name]
    const put = (value: unknown): Input => ({ ...given, [name]: value })
    const own = placeAt(type, name, argument, put)
    if (!isInputObjectType(named) || typeof argument !== 'object' || argument === null) return [own]
    const nested = placesInInput(named, { ...argument }, name)
    return [own, ...nested.map((place) => ({ ...place, with: (value: unknown) => put(place.with(value)) }))]
  })
}

/** Every hostile value of the type; none; and where a list is meant, also too few and too many of what somebody honest gave. */
function placeAt(type: GraphQLInputType, path: string, honest: unknown, put: Place['with']): Place {
  const named = getNamedType(type)
  const scalars = isScalarType(named) ? Object.entries(hostileValues(named.name)) : []
  if (!isListType(getNullableType(type))) return { path, values: { 'no value': null, ...Object.fromEntries(scalars) }, with: put }
  const items: unknown[] = Array.isArray(honest) ? honest : []
  const lists = {
    'no value': null,
    'an empty list': [],
    'the same thrice': [...items, ...items, ...items],
    'the same a thousand times': Array.from({ length: 1000 }, () => items[0] ?? 'x'),
    ...Object.fromEntries(scalars.map(([what, value]) => [what, [value]])),
  }
  return { path, values: lists, with: put }
}

import { invalid } from './refusal.ts'
import type { Thing, World } from './world.ts'

const DEEPEST = 4
const REFUNDS_SHOWN = 10

/** A thing as an answer holds it, with what was asked to be expanded in place of its id. */
export function show(world: World, thing: Record<string, unknown>, expand: readonly string[]): Record<string, unknown> {
  const shown = structuredClone(thing)
  for (const path of expand) {
    const parts = path.split('.')
    if (parts.length > DEEPEST) throw invalid(`You cannot expand more than ${DEEPEST} levels of a property. Property: ${path}`)
    open(world, shown, parts, path)
  }
  return shown
}

function open(world: World, shown: Record<string, unknown>, [name = '', ...rest]: string[], path: string): void {
  if (shown['object'] === 'charge' && name === 'refunds') shown['refunds'] ??= refundsOf(world, shown)
  const value = shown[name]
  if (value === undefined) throw invalid(`This property cannot be expanded (${path}).`)
  if (value === null) return
  const inner = typeof value === 'string' ? structuredClone(world.find(value)) : value
  if (typeof inner !== 'object') throw invalid(`This property cannot be expanded (${path}).`)
  shown[name] = inner
  if (rest.length === 0) return
  for (const entry of Array.isArray(inner) ? inner : [inner]) open(world, entry, rest, path)
}

function refundsOf(world: World, { id }: Record<string, unknown>): Record<string, unknown> {
  const refunds = world.all('refund', ({ charge }) => charge === id)
  return {
    object: 'list',
    data: structuredClone(refunds.slice(0, REFUNDS_SHOWN)),
    has_more: refunds.length > REFUNDS_SHOWN,
    url: `/v1/charges/${String(id)}/refunds`,
  }
}

export interface Paging {
  limit?: number | undefined
  starting_after?: string | undefined
  ending_before?: string | undefined
  created?: { gt?: number | undefined; gte?: number | undefined; lt?: number | undefined; lte?: number | undefined } | undefined
}

/** One page of a list whose newest comes first. */
export function page(all: readonly Thing[], url: string, { limit = 10, starting_after, ending_before, created = {} }: Paging) {
  const { gt = -1, gte = 0, lt = Infinity, lte = Infinity } = created
  const within = all.filter((thing) => thing.created > gt && thing.created >= gte && thing.created < lt && thing.created <= lte)
  const placeOf = (id: string) => {
    const place = within.findIndex((thing) => thing.id === id)
    if (place < 0) throw invalid(`No such object: '${id}'`, 'resource_missing')
    return place
  }
  if (ending_before !== undefined) {
    const before = within.slice(0, placeOf(ending_before))
    return { object: 'list', url, data: before.slice(-limit), has_more: before.length > limit }
  }
  const after = starting_after === undefined ? within : within.slice(placeOf(starting_after) + 1)
  return { object: 'list', url, data: after.slice(0, limit), has_more: after.length > limit }
}

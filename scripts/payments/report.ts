import { kinds, type Disagreement } from './disagreements.ts'
import type { Audited, Sum } from './tally.ts'

/** An audit in lines, for people. */
export function inLines({ provider, checked, sums, disagreements, total, inFlight, graceSeconds }: Audited): string[] {
  const { payments, ledger, foreign, elsewhere, enrollments, receipts } = checked
  return [
    `${payments} payments, ${ledger} in the ledger of ${provider}, ${enrollments} enrollments by payment, ${receipts} receipts`,
    ...Object.entries(sums)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([currency, { here, there }]) => `${currency}, minor units: ${written(here)} here; ${written(there)} there`),
    ...(foreign > 0 ? [`${foreign} in the ledger do not say that they are ours: left out`] : []),
    ...(elsewhere > 0 ? [`${elsewhere} payments went to other providers than ${provider}: not compared`] : []),
    ...(inFlight > 0
      ? [`${inFlight} disagreements about what changed in the last ${graceSeconds} s: on its way, left out (--settled counts it)`]
      : []),
    `disagreements: ${total === 0 ? 'none' : total}`,
    ...disagreements.flatMap(lines),
    ...(total > disagreements.length ? [`and ${total - disagreements.length} more`] : []),
  ]
}

/** The same for machines: amounts as text, because JSON has no whole numbers of that size. */
export function asJson(audited: Audited): string {
  return JSON.stringify(audited, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value), 2)
}

function lines({ kind, ids, here, there }: Disagreement): string[] {
  const named = Object.entries(ids).map(([name, id]) => `${name} ${id}`)
  const said = here === undefined ? [] : [`    here: ${here}; there: ${there ?? ''}`]
  return [`  ${kind}: ${named.join(', ')}`, `    ${kinds[kind]}`, ...said]
}

function written({ received, givenBack }: Sum): string {
  return `${received} received, ${givenBack} given back`
}

import type { WaitingHead } from '@stellr/kit'
import { exactly, readCount, readGroup } from './arguments.ts'
import { defineCommand, UsageError } from './command.ts'
import { callRoll } from './roll-call.ts'
import { duration, table } from './table.ts'

/** What could not be handled. */
export const parked = defineCommand({
  name: 'parked',
  takes: '[--group <group>] [--state RETRYING|DEAD] [--limit <n>]',
  does: 'Parked events that others wait behind, the oldest first: 100 of each group unless said otherwise.',
  texts: ['group', 'state', 'limit'],
  read(positionals, options) {
    exactly(positionals, [])
    const group = options.text('group')
    return {
      group: group === undefined ? undefined : readGroup(group),
      state: readState(options.text('state')),
      limit: readCount(options.text('limit'), 100),
    }
  },
  async run({ group, state, limit }, { domains }, voice) {
    const wanted = domains.filter(({ name }) => group === undefined || name === group)
    const { ask, away, requireAll } = callRoll()
    const heads = (await Promise.all(wanted.map((domain) => ask(domain.name, domain.heads({ state, limit })))))
      .flat()
      .toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
    voice.json(heads)
    if (heads.length === 0 && away.length === 0) voice.say('Nothing is parked.')
    else if (heads.length > 0)
      for (const line of table(['ID', 'GROUP', 'STATE', 'EVENT', 'AGGREGATE', 'TRIES', 'BEHIND', 'SINCE', 'ERROR'], heads.map(row)))
        voice.say(line)
    requireAll()
  },
})

function row(head: WaitingHead): (string | number)[] {
  const { id, group, state, event, aggregateId, tries, behind, createdAt, error } = head
  const since = duration((Date.now() - createdAt.getTime()) / 1000)
  return [id, group, state, `${event.type} v${event.aggregateversion}`, aggregateId, tries, behind, since, brief(error ?? '')]
}

// Prisma begins with what was called, and ends with what is of interest.
function brief(error: string): string {
  const told = error.replace(/^\w+: Invalid `[^`]*` invocation: /, '')
  return told.length > 140 ? `${told.slice(0, 140)}...` : told
}

function readState(state: string | undefined): 'RETRYING' | 'DEAD' | undefined {
  const upper = state?.toUpperCase()
  if (upper === undefined || upper === 'RETRYING' || upper === 'DEAD') return upper
  throw new UsageError(`No head is ${state}: they are RETRYING or DEAD`)
}

import type { DomainEvents } from '@stellr/kit'
import { exactly } from './arguments.ts'
import { defineCommand } from './command.ts'
import type { Desk } from './desk.ts'
import { callRoll } from './roll-call.ts'
import { duration, table } from './table.ts'

/** How far everybody is. What is away is named, and hides nothing of the others. */
export const lag = defineCommand({
  name: 'lag',
  takes: '',
  does: 'How far each group is in each partition, what waits in each outbox, and what is parked.',
  read: (positionals) => exactly(positionals, []),
  async run(_, desk, voice) {
    const { ask, away, requireAll } = callRoll()
    const [groups, ...found] = await Promise.all([
      ask('event log', positionsOf(desk)),
      ...desk.domains.map((domain) => ask(domain.name, stateOf(domain))),
    ])
    const domains = found.flat()
    voice.json({ groups, domains, away })
    const rows = groups.map((row) => [row.group, row.topic, row.partition, row.next, row.end, row.lag])
    for (const line of table(['GROUP', 'TOPIC', 'PARTITION', 'NEXT', 'END', 'LAG'], rows)) voice.say(line)
    voice.say('')
    const parts = domains.map((row) => [row.domain, row.outbox, duration(row.oldestSeconds), row.RETRYING, row.BEHIND, row.DEAD])
    for (const line of table(['DOMAIN', 'OUTBOX', 'OLDEST', 'RETRYING', 'BEHIND', 'DEAD'], parts)) voice.say(line)
    requireAll()
  },
})

async function positionsOf({ domains, eventLog }: Desk) {
  const log = await eventLog()
  const found = domains.map(async ({ name: group, topics }) => {
    const positions = topics.length === 0 ? [] : await log.positions(group)
    return positions
      .filter(({ topic }) => topics.some(({ name }) => name === topic))
      .map(({ topic, partition, next, end }) => ({
        group,
        topic,
        partition,
        next: Number(next),
        end: Number(end),
        lag: Number(end - next),
      }))
  })
  return (await Promise.all(found)).flat()
}

async function stateOf(domain: DomainEvents) {
  const [outbox, parked] = await Promise.all([domain.outbox(), domain.parkedCounts()])
  return [{ domain: domain.name, outbox: outbox.rows, oldestSeconds: Math.round(outbox.oldestSeconds), ...parked }]
}

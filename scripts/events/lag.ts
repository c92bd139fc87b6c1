import { describeFailure } from '@stellr/kit'
import { exactly } from './arguments.ts'
import { defineCommand, Refusal } from './command.ts'
import { duration, table } from './table.ts'

/** How far everybody is. */
export const lag = defineCommand({
  name: 'lag',
  takes: '',
  does: 'How far each group is in each partition, what waits in each outbox, and what is parked.',
  read: (positionals) => exactly(positionals, []),
  async run(_, { domains, eventLog }, voice) {
    const log = await eventLog()
    const groups = []
    for (const { name: group, topics } of domains) {
      if (topics.length === 0) continue
      const read = new Set(topics.map(({ name }) => name))
      const positions = (await log.positions(group)).filter(({ topic }) => read.has(topic))
      groups.push(
        ...positions.map(({ topic, partition, next, end }) => ({
          group,
          topic,
          partition,
          next: Number(next),
          end: Number(end),
          lag: Number(end - next),
        })),
      )
    }
    // One that is away must not hide the others.
    const states = await Promise.all(
      domains.map(async (domain) => {
        try {
          const [outbox, parked] = await Promise.all([domain.outbox(), domain.parkedCounts()])
          return { domain: domain.name, outbox: outbox.rows, oldestSeconds: Math.round(outbox.oldestSeconds), ...parked }
        } catch (error) {
          return { domain: domain.name, failure: describeFailure(error) }
        }
      }),
    )
    voice.json({ groups, domains: states })
    const rows = groups.map((row) => [row.group, row.topic, row.partition, row.next, row.end, row.lag])
    for (const line of table(['GROUP', 'TOPIC', 'PARTITION', 'NEXT', 'END', 'LAG'], rows)) voice.say(line)
    voice.say('')
    const found = states.flatMap((state) => ('failure' in state ? [] : [state]))
    const parts = found.map((row) => [row.domain, row.outbox, duration(row.oldestSeconds), row.RETRYING, row.BEHIND, row.DEAD])
    for (const line of table(['DOMAIN', 'OUTBOX', 'OLDEST', 'RETRYING', 'BEHIND', 'DEAD'], parts)) voice.say(line)
    const away = states.flatMap((state) => ('failure' in state ? [`${state.domain}: ${state.failure}`] : []))
    if (away.length > 0) throw new Refusal(`These databases did not answer:\n${away.join('\n')}`)
  },
})

import { earliestReplay, type Topic } from '@stellr/kit'
import { recordOperation } from '@stellr/schema/events/audit'
import { exactly, readGroup, readTime } from './arguments.ts'
import { defineCommand, Refusal, UsageError } from './command.ts'
import { groupOf } from './group.ts'
import { seldom } from './seldom.ts'

/** Has a group hear again what it may have lost. */
export const replayFrom = defineCommand({
  name: 'replay-from',
  takes: '<group> <time> [--topic <topic>] [--yes]',
  does: 'Takes in again what the log holds since then, as after a database was restored: what was handled is passed over.',
  flags: ['yes'],
  texts: ['topic'],
  read(positionals, options) {
    const [group = '', time = ''] = exactly(positionals, ['group', 'time'])
    const from = readTime(time)
    if (from.getTime() > Date.now()) throw new UsageError(`${time} is still to come`)
    return { group: readGroup(group), from, topic: options.text('topic'), yes: options.flag('yes') }
  },
  async run({ group, from, topic, yes }, desk, voice) {
    const domain = groupOf(desk, group)
    const topics = domain.topics.filter(({ name }) => topic === undefined || name === topic)
    if (topics.length === 0) throw new Refusal(nothingToRead(group, topic, domain.topics))
    for (const each of topics) requireMemory(each, from)
    const names = topics.map(({ name }) => name).join(', ')
    const eventLog = await desk.eventLog()
    if (yes) {
      await domain.say((tx) =>
        recordOperation(tx, desk.random, {
          action: 'events.replay_from',
          subjectType: 'ConsumerGroup',
          subjectId: group,
          before: null,
          after: { from: from.toISOString(), topics: names },
        }),
      )
    }
    const counts = await domain.replayFrom({
      topics,
      from,
      eventLog,
      dryRun: !yes,
      onProgress: seldom((now) => voice.progress(`${now.handled} handled, ${now.known} known, ${now.parked + now.behind} parked`)),
    })
    const { handled, known, parked, behind, ignored } = counts
    voice.say(`${names} since ${from.toISOString()}, for ${group}:`)
    voice.say(`${handled} ${yes ? 'handled' : 'would be handled'}, ${known} known already, ${ignored} of no concern to it.`)
    if (parked + behind > 0) voice.say(`${parked} parked and ${behind} behind them: pnpm events parked --group ${group}`)
    if (!yes) voice.say('Nothing was changed: --yes does it.')
    voice.json({ done: yes, from, topics: topics.map(({ name }) => name), ...counts })
  },
})

function nothingToRead(group: string, topic: string | undefined, topics: readonly Topic[]): string {
  if (topics.length === 0) return `${group} reads no topic`
  return `${group} does not read ${topic}; it reads ${topics.map(({ name }) => name).join(', ')}`
}

// A group forgets what it has handled a day after the log may forget it. Of an older event nobody could say whether it was.
function requireMemory(topic: Topic, from: Date): void {
  const earliest = earliestReplay(topic, new Date())
  if (from >= earliest) return
  const instead = topic.compacted ? 'rebuild the projection instead, or ' : ''
  throw new Refusal(
    `What was handled of ${topic.name} is remembered for ${topic.retentionDays} days: ${instead}start from ${earliest.toISOString()} or later`,
  )
}

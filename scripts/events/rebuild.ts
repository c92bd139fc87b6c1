import { recordOperation } from '@stellr/schema/events/audit'
import { exactly, readGroup } from './arguments.ts'
import { defineCommand, Refusal } from './command.ts'
import { groupOf } from './group.ts'
import { seldom } from './seldom.ts'

/** Makes a projection again. */
export const rebuild = defineCommand({
  name: 'rebuild',
  takes: '<group> <projection> [--remove-orphans] [--yes]',
  does: 'Makes a projection again from its compacted topic while the service runs: no reader sees a hole.',
  flags: ['remove-orphans', 'yes'],
  read(positionals, options) {
    const [group = '', projection = ''] = exactly(positionals, ['group', 'projection'])
    return { group: readGroup(group), projection, removeOrphans: options.flag('remove-orphans'), yes: options.flag('yes') }
  },
  async run({ group, projection, removeOrphans, yes }, desk, voice) {
    const domain = groupOf(desk, group)
    const wanted = domain.projections.find(({ name }) => name === projection)
    if (!wanted) {
      const names = domain.projections.map(({ name }) => name).join(', ')
      throw new Refusal(`${group} has no projection ${projection}; ${names === '' ? 'it has none' : `it has ${names}`}`)
    }
    const eventLog = await desk.eventLog()
    if (yes) {
      await domain.say((tx) =>
        recordOperation(tx, desk.random, {
          action: 'events.rebuild',
          subjectType: 'Projection',
          subjectId: `${group}.${projection}`,
          before: null,
          after: { topic: wanted.topic.name, removeOrphans },
        }),
      )
    }
    const result = await domain.rebuild(projection, {
      eventLog,
      removeOrphans,
      dryRun: !yes,
      onProgress: seldom((done, of) => voice.progress(`${done} of ${of}`)),
    })
    voice.json({ done: yes, group, projection, ...result })
    const { aggregates, rebuilt, newer, failed, orphans, removed, recounted } = result
    if (yes) {
      voice.say(`${group}.${projection}: ${rebuilt} of ${aggregates} aggregates of ${wanted.topic.name} made again.`)
      if (newer > 0) voice.say(`${newer} were made by a later event meanwhile.`)
      if (recounted > 0) voice.say(`${recounted} counts were wrong and are right now.`)
    } else voice.say(`Would make ${group}.${projection} again from ${aggregates} aggregates of ${wanted.topic.name}.`)
    if (orphans.length > 0) {
      voice.say(`${orphans.length} are not in the topic${removed > 0 ? `; ${removed} were taken away` : ''}: ${some(orphans)}`)
    }
    if (!yes) voice.say('Nothing was changed: --yes does it.')
    if (failed.length > 0) {
      const lines = failed.slice(0, SHOWN).map(({ aggregateId, error }) => `${aggregateId}: ${error}`)
      throw new Refusal(`${failed.length} could not be made again and are as they were:\n${lines.join('\n')}`)
    }
  },
})

const SHOWN = 20

function some(ids: readonly string[]): string {
  return ids.length > SHOWN ? `${ids.slice(0, SHOWN).join(', ')}, ...` : ids.join(', ')
}

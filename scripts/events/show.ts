import { exactly, readId } from './arguments.ts'
import { defineCommand } from './command.ts'
import { findMessage } from './find.ts'

/** One parked event, whole. */
export const show = defineCommand({
  name: 'show',
  takes: '<id>',
  does: 'A parked event with its envelope, its error, its tries and its times.',
  read: (positionals) => exactly(positionals, ['id']).map(readId),
  async run([id = ''], desk, voice) {
    const { message } = await findMessage(desk, id)
    voice.json(message)
    const { group, state, topic, partition, offset, aggregateType, aggregateId, tries, waits, error, behind } = message
    const facts = {
      id,
      group,
      state,
      'from topic': `${topic}, partition ${partition ?? '?'}, offset ${offset ?? '?'}`,
      aggregate: `${aggregateType} ${aggregateId}`,
      tries: `${tries} failed, ${waits} too early`,
      error: error ?? 'none of its own: it waits for the one before it',
      'parked at': message.createdAt.toISOString(),
      'changed at': message.updatedAt.toISOString(),
      'next try at': message.nextTryAt?.toISOString() ?? 'never',
      'waiting behind it': behind,
    }
    for (const [name, value] of Object.entries(facts)) voice.say(`${name.padEnd(18)} ${value}`)
    voice.say(JSON.stringify(message.event, null, 2))
  },
})

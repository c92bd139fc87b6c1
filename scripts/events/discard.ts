import { recordOperation } from '@stellr/schema/events/audit'
import { exactly, readId } from './arguments.ts'
import { defineCommand, Refusal } from './command.ts'
import { describe, factsOf, findHead } from './find.ts'

/** Gives up a parked event for good. */
export const discard = defineCommand({
  name: 'discard',
  takes: '<id> [--yes]',
  does: 'Gives up a parked event for good: it never has its effect in this group. Those behind it go on.',
  flags: ['yes'],
  read: (positionals, options) => ({ id: readId(exactly(positionals, ['id'])[0] ?? ''), yes: options.flag('yes') }),
  async run({ id, yes }, desk, voice) {
    const { domain, message } = await findHead(desk, id)
    voice.say(`${yes ? 'Discarding' : 'Would discard'} ${describe(message)}`)
    if (message.behind > 0) voice.say(`${message.behind} behind it ${yes ? 'go on' : 'would go on'} without it.`)
    if (yes) {
      const gone = await domain.discard(id, (tx, head) =>
        recordOperation(tx, desk.random, {
          action: 'events.discard',
          subjectType: 'ParkedEvent',
          subjectId: id,
          before: factsOf(head),
          after: null,
        }),
      )
      if (!gone) throw new Refusal(`${id} has just been handled or discarded by somebody else`)
      voice.say('Discarded. This is what it said:')
      voice.say(JSON.stringify(message.event))
    } else voice.say('Nothing was changed: --yes does it.')
    voice.json({ done: yes, discarded: yes ? message : null, would: yes ? null : message })
  },
})

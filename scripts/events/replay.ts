import { isDueAgain, type DomainEvents, type WaitingHead } from '@stellr/kit'
import { recordOperation } from '@stellr/schema/events/audit'
import { exactly, readGroup, readId } from './arguments.ts'
import { defineCommand, UsageError } from './command.ts'
import type { Desk } from './desk.ts'
import { describe, factsOf, findHead } from './find.ts'

/** Gives parked events their tries back. */
export const replay = defineCommand({
  name: 'replay',
  takes: '<id> | --group <group> --all   [--yes]',
  does: 'Has a parked event, or all heads of a group, handled again, and then those behind it.',
  flags: ['all', 'yes'],
  texts: ['group'],
  read(positionals, options) {
    const yes = options.flag('yes')
    const group = options.text('group')
    if (!options.flag('all') && group === undefined) return { yes, id: readId(exactly(positionals, ['id'])[0] ?? '') }
    exactly(positionals, [])
    if (group === undefined || !options.flag('all')) throw new UsageError('All heads of a group are replayed by --group <group> --all')
    return { yes, group: readGroup(group) }
  },
  async run({ yes, id, group }, desk, voice) {
    const found = id === undefined ? await headsOf(desk, group) : [await findHead(desk, id)]
    const due = found.filter(({ message }) => !isDueAgain(message))
    const replayed: string[] = []
    for (const { domain, message } of due) {
      voice.say(
        `${yes ? 'Replaying' : 'Would replay'} ${describe(message)}${message.behind > 0 ? `; then ${message.behind} behind it` : ''}`,
      )
      if (yes && (await replayOne(desk, domain, message))) replayed.push(message.id)
    }
    if (found.length > due.length) voice.say(`${found.length - due.length} replayed before and not tried since: nothing to change`)
    if (found.length === 0) voice.say('Nothing is parked.')
    else if (yes) voice.say(`${replayed.length} replayed: the running service handles them within a second.`)
    else if (due.length > 0) voice.say('Nothing was changed: --yes does it.')
    voice.json({ done: yes, would: yes ? [] : due.map(({ message }) => message.id), replayed })
  },
})

async function replayOne({ random }: Desk, domain: DomainEvents, { id }: WaitingHead): Promise<boolean> {
  const before = await domain.replay(id, (tx, head) =>
    recordOperation(tx, random, {
      action: 'events.replay',
      subjectType: 'ParkedEvent',
      subjectId: id,
      before: factsOf(head),
      after: factsOf({ ...head, state: 'RETRYING', tries: 0 }),
    }),
  )
  return before !== null
}

async function headsOf({ domains }: Desk, group: string): Promise<{ domain: DomainEvents; message: WaitingHead }[]> {
  const domain = domains.find(({ name }) => name === group)
  if (!domain) return []
  // More than anybody decides about at once; what is left is replayed by the next call.
  const heads = await domain.heads({ limit: 10_000 })
  return heads.map((message) => ({ domain, message }))
}

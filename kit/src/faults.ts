import { z } from 'zod'

/** Every moment at which a process can be made to die, so that tests see what a crash leaves behind just there. */
export const faultNames = [
  // A transaction has written all that it writes, and is not committed.
  'transaction.before_commit',
  // A transaction is committed, and whoever began it has not been told.
  'transaction.after_commit',
  // The same, of a transaction that published something: the relay has not been woken.
  'outbox.after_commit',
  // One topic's part of a batch is in the event log; the rest of the batch may not be.
  'relay.mid_batch',
  // The whole batch is in the event log, and the outbox does not know.
  'relay.after_send_before_mark',
  // An event's effect is committed, and the group has not been moved on: later events of its batch may follow.
  'consumer.after_commit_before_offset',
  // A payment provider has done what it was asked for, and nothing of its answer is written down.
  'provider.after_answer',
] as const

export type FaultName = (typeof faultNames)[number]

/** The setting FAULT, for every process that has fault points. */
export const faultConfig = z.object({
  fault: z
    .string()
    .superRefine((text, context) => {
      for (const [item, name] of readFaults(text)) if (name === null) context.addIssue(`${item} is not <point>:<number from 1>`)
    })
    .optional()
    .meta({
      description: `For tests of crashes, never for a school: the process kills itself at the nth pass of a point. The points are ${faultNames.join(', ')}`,
      example: 'outbox.after_commit:3,relay.mid_batch:1',
    }),
})

// What every point asks first: all that an unarmed one costs.
let armed = false
const left = new Map<FaultName, number>()

/** Arms the points that FAULT names in this process, and no others. Nothing but the start of a process leads here. */
export function armFaults(fault: string | undefined): void {
  left.clear()
  for (const [, name, passes] of readFaults(fault)) if (name !== null) left.set(name, passes)
  armed = left.size > 0
}

/** A moment at which this process dies when FAULT says so: at once, with nothing finished, as by `kill -9`. */
export function faultPoint(name: FaultName): void {
  if (armed) pass(name)
}

function pass(name: FaultName): void {
  const passes = left.get(name)
  if (passes === undefined) return
  if (passes === 1) process.kill(process.pid, 'SIGKILL')
  left.set(name, passes - 1)
}

// Each item as it was written, with the point that it names, if it is well-formed.
function readFaults(text = ''): [item: string, name: FaultName | null, passes: number][] {
  return text
    .split(',')
    .filter(Boolean)
    .map((item) => {
      const [, given, passes] = /^([a-z._]+):([1-9]\d{0,8})$/.exec(item) ?? []
      return [item, faultNames.find((name) => name === given) ?? null, Number(passes)]
    })
}

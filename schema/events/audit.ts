import { defineEvent, type Data, type Outbox, type Random, type Viewer } from '@stellr/kit'
import { z } from 'zod'
import { audit } from './topics.ts'

/** Plain facts about a thing. Never an e-mail address, phone number or name: the audit log outlives the erasure of a person. */
const facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))

export const AuditRecorded = defineEvent(
  'audit.recorded',
  1,
  audit,
  z.looseObject({
    action: z.string().min(1).describe('The mutation’s name; of an operator, the command’s: `events.replay`.'),
    actorId: z.uuid().nullable().describe('Who did it or tried; null when the platform did.'),
    actorRole: z.enum(['STUDENT', 'INSTRUCTOR', 'ADMIN']).nullable().describe('The role that their access token stated.'),
    subjectType: z.string().nullable().describe('The type of what was changed; null when nobody looked at what a refused input named.'),
    subjectId: z.string().nullable().describe('The id of what was changed.'),
    outcome: z.enum(['DONE', 'REFUSED']),
    before: facts.nullable().describe('Null for what was not there, and when refused.'),
    after: facts.nullable().describe('Null for what is gone, and when refused.'),
    count: z.int().min(1).describe('How often: refusals of one person and action within about a second are one entry.'),
    source: z
      .literal('OPERATOR')
      .optional()
      .describe('Who has no account but a shell: an operator’s command did it. Left out for whatever came through the API.'),
  }),
  'An administrator’s mutation was done, or somebody was refused one. Aggregate: the entry itself.',
)

export type AuditEntry = Data<typeof AuditRecorded>
type Deed = Pick<AuditEntry, 'action' | 'subjectType' | 'subjectId' | 'before' | 'after'>

/** Says, in the transaction that did it, what an operator's command has done. */
export async function recordOperation({ outbox }: { outbox: Outbox }, random: Random, deed: Deed): Promise<void> {
  const entry = { ...deed, actorId: null, actorRole: null, outcome: 'DONE', count: 1, source: 'OPERATOR' } as const
  await outbox.add(AuditRecorded, { id: random.id(), version: 1 }, entry)
}

/** Says, in the transaction that did it, what the viewer has done as an administrator. Every admin mutation ends with it. */
export async function recordDeed(
  { outbox }: { outbox: Outbox },
  { viewer, random }: { viewer: Viewer; random: Random },
  deed: Deed,
): Promise<void> {
  const [actorId, actorRole] = viewer.kind === 'user' ? [viewer.id, viewer.role] : [null, null]
  await outbox.add(AuditRecorded, { id: random.id(), version: 1 }, { ...deed, actorId, actorRole, outcome: 'DONE', count: 1 })
}

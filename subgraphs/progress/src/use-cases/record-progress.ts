import { DomainError, requireUser } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { evaluate, type ProgressEvent, type Verdict } from '../evaluate.ts'
import type { CourseProgressRef } from '../models.ts'
import { givesAccess } from '../policy.ts'
import type { Rejection } from '../rejections.ts'
import { openEnrollment, saveOutcome } from './save-progress.ts'

const range = z.object({ start: z.int(), end: z.int() }).transform(({ start, end }) => [start, end] as const)

// Whether values make sense is decided for each event by itself, so that one strange event does not hold up the others.
const event = z.object({
  clientEventId: z.uuid(),
  lessonId: z.uuid().toLowerCase(),
  kind: z.enum(['OPENED', 'PROGRESSED', 'COMPLETED']),
  position: z.int().nullish(),
  ranges: upTo(100, range).nullish(),
  activeSeconds: z.int().nullish(),
  occurredAt: z.string().transform((moment) => Date.parse(moment)),
})

export const input = z.object({
  enrollmentId: z.uuid().toLowerCase(),
  events: upTo(500, event).refine((events) => events.length > 0, 'must not be empty'),
})

type Reported = z.output<typeof event>

export interface EventResult {
  clientEventId: string
  status: 'ACCEPTED' | 'DUPLICATE' | 'REJECTED'
  code: Rejection['code'] | null
  message: string | null
}

/** Takes in what can be taken in, all of it or nothing when the process dies, and says of each event what became of it. */
export async function recordProgress(
  context: Context,
  { enrollmentId, events: reported }: z.output<typeof input>,
): Promise<{ results: EventResult[]; courseProgress: CourseProgressRef }> {
  const viewer = requireUser(context.viewer)
  await context.services.limits.spend('changes', viewer.id)
  await requireOwn(context, viewer.id, enrollmentId)
  const events = [...new Map(reported.toReversed().map((one) => [idOf(one), toEvent(one)])).values()]
  const ids = events.map(({ id }) => id)
  const now = context.clock.now()
  return context.store.transaction(async (tx) => {
    const opened = await openEnrollment(tx, enrollmentId, [...new Set(events.map(({ lessonId }) => lessonId))])
    if (!opened || !givesAccess(opened.enrollment, now)) throw new DomainError('NOT_ENROLLED')
    const known = await tx.knownEvents(enrollmentId, ids)
    const outcome = evaluate(events, { ...opened, enrolledAt: opened.enrollment.enrolledAt, known, now })
    const accepted = outcome.accepted.map(({ id }) => id)
    if (accepted.length > 0) await tx.rememberEvents(enrollmentId, accepted, now)
    const courseProgress = await saveOutcome(tx, opened, outcome, now)
    return { results: resultsOf(reported, outcome.verdicts), courseProgress }
  })
}

// Somebody who has just enrolled, or paid, may be faster than the news of it.
async function requireOwn(context: Context, userId: string, enrollmentId: string): Promise<void> {
  const read = () => context.store.findEnrollment(enrollmentId)
  const known = await context.awaitOwn(enrollmentId, read)
  if (known?.userId !== userId) throw new DomainError('NOT_FOUND')
  if (givesAccess(known, context.clock.now())) return
  const readOpen = async () => {
    const enrollment = await read()
    return enrollment && givesAccess(enrollment, context.clock.now()) ? enrollment : null
  }
  if (!(await context.awaitOwn(enrollmentId, readOpen, { undated: true }))) throw new DomainError('NOT_ENROLLED')
}

function resultsOf(reported: readonly Reported[], verdicts: ReadonlyMap<string, Verdict>): EventResult[] {
  const seen = new Set<string>()
  return reported.map((one) => {
    const { clientEventId } = one
    const verdict = verdicts.get(idOf(one))
    if (!verdict) throw new Error('an event without a verdict')
    if (typeof verdict === 'object') return { clientEventId, status: 'REJECTED', ...verdict }
    const status = seen.has(idOf(one)) ? 'DUPLICATE' : verdict
    seen.add(idOf(one))
    return { clientEventId, status, code: null, message: null }
  })
}

function toEvent(reported: Reported): ProgressEvent {
  const { lessonId, kind, occurredAt, position, ranges, activeSeconds } = reported
  return {
    id: idOf(reported),
    lessonId,
    kind,
    occurredAt,
    position: position ?? null,
    ranges: ranges ?? [],
    activeSeconds: activeSeconds ?? 0,
  }
}

// A UUID is the same in any case.
function idOf({ clientEventId }: Reported): string {
  return clientEventId.toLowerCase()
}

// The length is checked first: a thousand bad items would otherwise be a thousand complaints.
function upTo<Item extends z.ZodType>(most: number, item: Item) {
  return z.array(z.unknown()).max(most).pipe(z.array(item))
}

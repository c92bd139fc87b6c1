import { line } from '@stellr/kit'
import { recordDeed } from '@stellr/schema/events/audit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { EnrollmentRow } from '../models.ts'
import { transition } from '../transition.ts'
import { factsOf, requireAdmin } from './administer.ts'
import { enrollOnce, offerOf } from './enroll-once.ts'

export const input = z.object({ userId: z.uuid(), courseId: line(1, 100) })

/** An administrator enrolls somebody without payment. Users are another domain's: who does not exist will never look. */
export async function enrollUser(
  context: Context,
  { userId, courseId }: z.output<typeof input>,
): Promise<{ enrollment: EnrollmentRow; alreadyEnrolled: boolean }> {
  const admin = await requireAdmin(context)
  const offer = await offerOf(context, courseId)
  const cause = { reason: 'enrolled_by_admin', actorId: admin.id, now: context.clock.now() } as const
  const order = { id: context.random.id(), userId, offer, status: 'ACTIVE', payBy: null, cause } as const
  return context.store.transaction(async (tx) => {
    const { enrollment: found, created } = await enrollOnce(tx, order)
    const waits = found.status === 'PENDING_PAYMENT'
    const enrollment = waits ? await transition(tx, found, 'ACTIVE', cause) : found
    await recordDeed(tx, context, {
      action: 'enrollUser',
      subjectType: 'Enrollment',
      subjectId: enrollment.id,
      before: created ? null : factsOf(found),
      after: factsOf(enrollment),
    })
    return { enrollment, alreadyEnrolled: !created && !waits }
  })
}

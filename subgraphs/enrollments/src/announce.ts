import type { EnrollmentCreated } from '@stellr/schema/events/enrollments'
import type { Tx } from './context.ts'
import { enrollmentFeed } from './feeds.ts'
import type { EnrollmentRow, EnrollmentStatus, TransitionRow } from './models.ts'
import { wholeState } from './whole-state.ts'

/** Tells the other domains, and the learner's own screens, what has become of an enrollment. Its row has been written. */
export async function announce(
  tx: Tx,
  event: typeof EnrollmentCreated,
  row: EnrollmentRow,
  { previousStatus, transition }: { previousStatus: EnrollmentStatus | null; transition: TransitionRow | null },
): Promise<void> {
  await tx.outbox.add(event, row, wholeState(row, previousStatus))
  await tx.feed.add(enrollmentFeed, row.userId, { enrollment: row, transition })
}

import { isUser } from '@stellr/kit'
import type { Context } from '../context.ts'
import type { DashboardRef, EnrollmentRow } from '../models.ts'
import type { Tally } from '../store.ts'

const MOST_SHOWN = 10

/** A person's home screen; null for everybody else. */
export function openDashboard({ clock, store, viewer }: Context, id: string): DashboardRef | null {
  if (!isUser(viewer, id)) return null
  let tally: Promise<Tally> | undefined
  return { id, tally: () => (tally ??= store.tally(id, clock.now())) }
}

/** What the person is learning, latest first. */
export function activeEnrollments({ clock, store }: Context, { id }: DashboardRef): Promise<EnrollmentRow[]> {
  return store.enrollmentsOfUser(id, { statuses: ['ACTIVE'], now: clock.now(), limit: MOST_SHOWN, after: null })
}

import type { EventDef } from '@stellr/kit'
import * as audit from './audit.ts'
import * as auth from './auth.ts'
import * as courses from './courses.ts'
import * as enrollments from './enrollments.ts'
import * as payments from './payments.ts'
import * as progress from './progress.ts'
import * as users from './users.ts'

/** Whose events there are. Those of a domain stand in its file; `audit` holds what every domain says alike. */
export const eventsOf = {
  audit: eventsIn(audit),
  auth: eventsIn(auth),
  users: eventsIn(users),
  courses: eventsIn(courses),
  enrollments: eventsIn(enrollments),
  progress: eventsIn(progress),
  payments: eventsIn(payments),
} satisfies Record<string, readonly EventDef[]>

/** Every event of the platform. */
export const events: readonly EventDef[] = Object.values(eventsOf).flat()

/** The name of a contract: `user.registered.v1`. */
export function contractName({ type, version }: Pick<EventDef, 'type' | 'version'>): string {
  return `${type}.v${version}`
}

function eventsIn(exports: object): readonly EventDef[] {
  const found = Object.values(exports).filter(isEventDef)
  return found.toSorted((one, other) => (contractName(one) < contractName(other) ? -1 : 1))
}

function isEventDef(value: unknown): value is EventDef {
  return typeof value === 'object' && value !== null && 'type' in value && 'topic' in value && 'data' in value
}

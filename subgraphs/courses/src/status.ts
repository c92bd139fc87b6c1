import { DomainError } from '@stellr/kit'
import type { CourseStatus } from './store.ts'

/** In which status of a course each of these may be done. Publishing and restoring make it PUBLISHED, archiving ARCHIVED. */
const allowed = {
  publish: ['DRAFT', 'PUBLISHED'],
  archive: ['PUBLISHED'],
  restore: ['ARCHIVED'],
  delete: ['DRAFT'],
} as const satisfies Record<string, readonly CourseStatus[]>

/** Throws CONFLICT with the present status. */
export function requireStatus(deed: keyof typeof allowed, { status }: { status: CourseStatus }): void {
  const states: readonly CourseStatus[] = allowed[deed]
  if (!states.includes(status)) throw new DomainError('CONFLICT', { status, allowed: states })
}

import { isAdmin, isUser, type Viewer } from '@stellr/kit'
import type { CourseRow, EnrollmentRow } from './models.ts'

type Enrollment = Pick<EnrollmentRow, 'status' | 'expiresAt'>

/** Whether somebody may be anybody's staff at all. */
export function mayAuthor(viewer: Viewer): boolean {
  return isAdmin(viewer) || (viewer.kind === 'user' && viewer.scopes.includes('author'))
}

/** The staff of a course: its instructor, as long as they may teach, and administrators. They see the working copy. */
export function isStaff(viewer: Viewer, course: Pick<CourseRow, 'instructorId'>): boolean {
  return isAdmin(viewer) || (isUser(viewer, course.instructorId) && mayAuthor(viewer))
}

/** `enrolled`: whether the viewer has, or ever had, an enrollment. */
export function maySeeCourse(viewer: Viewer, course: Pick<CourseRow, 'instructorId' | 'status'>, enrolled: boolean): boolean {
  if (isStaff(viewer, course)) return true
  return course.status === 'PUBLISHED' || (course.status === 'ARCHIVED' && enrolled)
}

/** What everybody sees of a course: its latest version, while it is in the catalogue. */
export function isPublic(course: Pick<CourseRow, 'status' | 'publishedVersion'>, version: number): boolean {
  return course.status === 'PUBLISHED' && course.publishedVersion === version
}

/** Whether an enrollment opens lessons. It ends at `expiresAt`, whether or not its status says so yet. */
export function opensLessons({ status, expiresAt }: Enrollment, now: Date): boolean {
  return (status === 'ACTIVE' || status === 'COMPLETED') && (expiresAt === null || expiresAt > now)
}

/** Whoever has, or had, access may say what they think of it. */
export function mayRate({ status }: Pick<Enrollment, 'status'>): boolean {
  return status !== 'PENDING_PAYMENT' && status !== 'CANCELED'
}

/** Whether an enrollment counts among a course's learners. */
export function isLearning(status: EnrollmentRow['status']): boolean {
  return status === 'ACTIVE' || status === 'SUSPENDED' || status === 'COMPLETED'
}

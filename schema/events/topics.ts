import { defineTopic } from '@stellr/kit'

/** Accounts and profiles. Names travel here, so it is kept for a week only: erasure must reach every copy. */
export const users = defineTopic('users', { partitions: 6, retentionDays: 7 })

/** Sign-in sessions. */
export const sessions = defineTopic('sessions', { partitions: 6, retentionDays: 30 })

/** What administrators did and what others were refused: ids and facts only, so that it can be kept for a year. */
export const audit = defineTopic('audit', { partitions: 6, retentionDays: 365 })

/** Published courses, each event the whole state. */
export const courses = defineTopic('courses', { partitions: 6, retentionDays: 30, compacted: true })

/** The frozen outlines of courses. */
export const courseVersions = defineTopic('course-versions', { partitions: 6, retentionDays: 30, compacted: true })

/** What learners think of courses. */
export const reviews = defineTopic('reviews', { partitions: 6, retentionDays: 30 })

/** Who learns what, each event the whole state. */
export const enrollments = defineTopic('enrollments', { partitions: 6, retentionDays: 30, compacted: true })

/** How far learners are. */
export const progress = defineTopic('progress', { partitions: 6, retentionDays: 30 })

import { defineTopic } from '@stellr/kit'

// Names travel here, and erasure must reach every copy.
export const users = defineTopic('users', {
  partitions: 6,
  retentionDays: 7,
  description: 'Accounts and profiles. Names travel here and nowhere else, so it is kept for a week only.',
})

export const sessions = defineTopic('sessions', { partitions: 6, retentionDays: 30, description: 'Sign-in sessions.' })

export const audit = defineTopic('audit', {
  partitions: 6,
  retentionDays: 365,
  description: 'What administrators did and what others were refused: ids and facts only, so that it can be kept for a year.',
})

export const courses = defineTopic('courses', {
  partitions: 6,
  retentionDays: 30,
  compacted: true,
  description: 'Published courses, each event the whole state.',
})

export const courseVersions = defineTopic('course-versions', {
  partitions: 6,
  retentionDays: 30,
  compacted: true,
  description: 'The frozen outlines of courses.',
})

export const reviews = defineTopic('reviews', { partitions: 6, retentionDays: 30, description: 'What learners think of courses.' })

export const enrollments = defineTopic('enrollments', {
  partitions: 6,
  retentionDays: 30,
  compacted: true,
  description: 'Who learns what, each event the whole state.',
})

export const payments = defineTopic('payments', {
  partitions: 6,
  retentionDays: 30,
  description: 'Who pays what, each event the whole state.',
})

export const refundRequests = defineTopic('refund-requests', {
  partitions: 6,
  retentionDays: 30,
  description: 'Payments that can give access to nothing, and must go back.',
})

export const progress = defineTopic('progress', { partitions: 6, retentionDays: 30, description: 'How far learners are.' })

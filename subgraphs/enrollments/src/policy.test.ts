import { anonymous, type Viewer } from '@stellr/kit'
import { viewerOf } from '@stellr/kit/testing'
import { expect, test } from 'vitest'
import { maySeeEnrollment, maySeeLearners, requireLearnersAccess, requireListAccess } from './policy.ts'

const enrollment = { userId: 'learner', instructorId: 'teacher' }
const service: Viewer = { kind: 'service', name: 'progress' }

test.each<[string, Viewer, { enrollment: boolean; learners: boolean; list: boolean }]>([
  ['nobody', anonymous, { enrollment: false, learners: false, list: false }],
  ['a service', service, { enrollment: false, learners: false, list: false }],
  ['the learner', viewerOf('STUDENT', 'learner'), { enrollment: true, learners: false, list: true }],
  ['the learner without scopes', { ...viewerOf('STUDENT', 'learner'), scopes: [] }, { enrollment: true, learners: false, list: true }],
  ['another learner', viewerOf('STUDENT', 'other'), { enrollment: false, learners: false, list: false }],
  ['the instructor', viewerOf('INSTRUCTOR', 'teacher'), { enrollment: true, learners: true, list: false }],
  ['the instructor who teaches no more', viewerOf('STUDENT', 'teacher'), { enrollment: false, learners: false, list: false }],
  ['another instructor', viewerOf('INSTRUCTOR', 'other'), { enrollment: false, learners: false, list: false }],
  ['an administrator', viewerOf('ADMIN', 'admin'), { enrollment: true, learners: true, list: true }],
  ['an administrator without scopes', { ...viewerOf('ADMIN', 'admin'), scopes: [] }, { enrollment: false, learners: false, list: false }],
])('%s sees an enrollment, a course’s learners and a person’s list as the policy says', (_who, viewer, may) => {
  expect(maySeeEnrollment(viewer, enrollment)).toBe(may.enrollment)
  expect(maySeeLearners(viewer, enrollment)).toBe(may.learners)
  const forbidden = expect.objectContaining({ code: 'FORBIDDEN' })
  const check = (allowed: boolean, ask: () => void) => (allowed ? expect(ask).not.toThrow() : expect(ask).toThrow(forbidden))
  check(may.learners, () => requireLearnersAccess(viewer, enrollment))
  check(may.list, () => requireListAccess(viewer, 'learner'))
})

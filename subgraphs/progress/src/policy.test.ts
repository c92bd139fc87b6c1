import { anonymous, type Viewer } from '@stellr/kit'
import { viewerOf } from '@stellr/kit/testing'
import { expect, test } from 'vitest'
import { givesAccess, hasBegun, maySeeProgress } from './policy.ts'

const enrollment = { userId: 'learner', instructorId: 'teacher' }
const service: Viewer = { kind: 'service', name: 'router' }

test.each([
  ['nobody', anonymous, false],
  ['another learner', viewerOf('STUDENT'), false],
  ['another instructor', viewerOf('INSTRUCTOR'), false],
  ['a service', service, false],
  ['the learner', viewerOf('STUDENT', 'learner'), true],
  ['the course’s instructor', viewerOf('INSTRUCTOR', 'teacher'), true],
  ['an administrator', viewerOf('ADMIN'), true],
])('%s sees progress as the policy says', (_who, viewer, may) => {
  expect(maySeeProgress(viewer, enrollment)).toBe(may)
})

const now = new Date('2026-03-01T09:00:00Z')
const later = new Date('2026-03-01T09:00:01Z')

test.each([
  ['ACTIVE', null, true, true],
  ['ACTIVE', later, true, true],
  ['ACTIVE', now, false, true],
  ['COMPLETED', null, true, true],
  ['PENDING_PAYMENT', null, false, false],
  ['CANCELED', null, false, false],
  ['SUSPENDED', null, false, true],
  ['DROPPED', null, false, true],
  ['EXPIRED', null, false, true],
  ['REFUNDED', null, false, true],
] as const)('%s until %s gives access: %s, and has begun: %s', (status, expiresAt, access, begun) => {
  expect(givesAccess({ status, expiresAt }, now)).toBe(access)
  expect(hasBegun({ status })).toBe(begun)
})

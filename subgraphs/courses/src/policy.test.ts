import { anonymous, type Viewer } from '@stellr/kit'
import { viewerOf } from '@stellr/kit/testing'
import { expect, test } from 'vitest'
import { isLearning, isPublic, isStaff, maySeeCourse, mayRate, opensLessons } from './policy.ts'

const teacher = viewerOf('INSTRUCTOR')
const course = { instructorId: teacher.id }
const demoted: Viewer = viewerOf('STUDENT', teacher.id)
const leaving: Viewer = { ...viewerOf('ADMIN'), scopes: [] }

test.each<[string, Viewer, boolean]>([
  ['nobody', anonymous, false],
  ['a part of the platform', { kind: 'service', name: 'courses' }, false],
  ['a learner', viewerOf('STUDENT'), false],
  ['another instructor', viewerOf('INSTRUCTOR'), false],
  ['its instructor', teacher, true],
  ['its instructor who may teach no more', demoted, false],
  ['an administrator', viewerOf('ADMIN'), true],
  ['an administrator who is about to leave', leaving, false],
])('%s sees drafts, archived and published courses as the table says', (_who, viewer, staff) => {
  expect(isStaff(viewer, course)).toBe(staff)
  for (const enrolled of [false, true]) {
    expect(maySeeCourse(viewer, { ...course, status: 'DRAFT' }, enrolled)).toBe(staff)
    expect(maySeeCourse(viewer, { ...course, status: 'PUBLISHED' }, enrolled)).toBe(true)
    expect(maySeeCourse(viewer, { ...course, status: 'ARCHIVED' }, enrolled)).toBe(staff || enrolled)
  }
})

test('the public sees the latest version of what is in the catalogue', () => {
  expect(isPublic({ status: 'PUBLISHED', publishedVersion: 2 }, 2)).toBe(true)
  expect(isPublic({ status: 'PUBLISHED', publishedVersion: 2 }, 1)).toBe(false)
  expect(isPublic({ status: 'ARCHIVED', publishedVersion: 2 }, 2)).toBe(false)
  expect(isPublic({ status: 'DRAFT', publishedVersion: 0 }, 0)).toBe(false)
})

test.each([
  ['PENDING_PAYMENT', false, false, false],
  ['ACTIVE', true, true, true],
  ['SUSPENDED', false, true, true],
  ['COMPLETED', true, true, true],
  ['DROPPED', false, true, false],
  ['EXPIRED', false, true, false],
  ['REFUNDED', false, true, false],
  ['CANCELED', false, false, false],
] as const)('an enrollment that is %s opens lessons: %s, allows to rate: %s, counts: %s', (status, opens, rates, counts) => {
  const now = new Date('2026-03-01T09:00:00.000Z')
  const at = (time: string) => new Date(time)
  expect(opensLessons({ status, expiresAt: null }, now)).toBe(opens)
  expect(opensLessons({ status, expiresAt: at('2026-03-01T09:00:00.001Z') }, now)).toBe(opens)
  expect(opensLessons({ status, expiresAt: now }, now)).toBe(false)
  expect(mayRate({ status })).toBe(rates)
  expect(isLearning(status)).toBe(counts)
})

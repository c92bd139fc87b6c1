import { anonymous, type Viewer } from '@stellr/kit'
import { expect, test } from 'vitest'
import { maySeePrivate, maySeeProfile } from './policy.ts'

const person = (id: string, role: 'STUDENT' | 'INSTRUCTOR' | 'ADMIN', scopes: string[]): Viewer => ({
  kind: 'user',
  id,
  role,
  scopes,
  sessionId: 's',
})
const owner = person('owner', 'STUDENT', ['learn'])
const student = person('student', 'STUDENT', ['learn'])
const instructor = person('instructor', 'INSTRUCTOR', ['learn', 'author'])
const admin = person('admin', 'ADMIN', ['learn', 'author', 'admin'])

test.each([
  ['anonymous', anonymous, false, true, false],
  ['another student', student, true, true, false],
  ['an instructor', instructor, true, true, false],
  ['an administrator', admin, true, true, true],
  ['the person', owner, true, true, true],
])('%s sees of a learner, of staff, and of what is private what the policy says', (_who, viewer, learner, staff, isPrivate) => {
  expect(maySeeProfile(viewer, { userId: 'owner', role: 'STUDENT' })).toBe(learner)
  expect(maySeeProfile(viewer, { userId: 'other', role: 'INSTRUCTOR' })).toBe(staff)
  expect(maySeePrivate(viewer, 'owner')).toBe(isPrivate)
})

test('an administrator whose token lost its scopes is nobody special', () => {
  expect(maySeePrivate(person('admin', 'ADMIN', []), 'owner')).toBe(false)
})

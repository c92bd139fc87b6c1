import { randomUUID } from 'node:crypto'
import type { InputProblem } from '@stellr/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, person, student, type School } from './testing/school.ts'

let school: School
const [ada, admin] = [student(), person('ADMIN')]
beforeAll(async () => {
  school = await openSchool()
})
afterAll(() => school.stop())

const long = 'x'.repeat(100_000)
const noIds = ['', '1', long, '\0', `'; DROP TABLE enrollment; --`, '../../etc/passwd', '<script>alert(1)</script>', '\ud800', '${7*7}']
/** What is no line of text. What is one, and no course, is COURSE_NOT_OPEN. */
const noTexts = ['', ' ', long, '\0', 'a\u0007b', '\ud800']

/** For each mutation: what is right, and for each field what is not, though it is a string. */
const mutations: Record<string, { right: () => Record<string, string>; wrong: Record<string, readonly string[]> }> = {
  enroll: { right: () => ({ courseId: randomUUID() }), wrong: { courseId: noTexts } },
  dropEnrollment: { right: () => ({ enrollmentId: randomUUID() }), wrong: { enrollmentId: noIds } },
  adoptLatestVersion: { right: () => ({ enrollmentId: randomUUID() }), wrong: { enrollmentId: noIds } },
  suspendEnrollment: {
    right: () => ({ enrollmentId: randomUUID(), reason: 'a dispute' }),
    wrong: { enrollmentId: noIds, reason: ['', '  ', long, 'x'.repeat(501), '\0', '\ud800'] },
  },
  resumeEnrollment: { right: () => ({ enrollmentId: randomUUID() }), wrong: { enrollmentId: noIds } },
  enrollUser: { right: () => ({ userId: randomUUID(), courseId: randomUUID() }), wrong: { userId: noIds, courseId: noTexts } },
}
const adminOnly = ['suspendEnrollment', 'resumeEnrollment', 'enrollUser']
const everything = () =>
  school.sql('SELECT (SELECT count(*) FROM enrollment) AS enrollments, (SELECT count(*) FROM stellr.outbox) AS events')

test.each(Object.entries(mutations))('%s: what is wrong is named, and nothing is written', async (mutation, { right, wrong }) => {
  const viewer = adminOnly.includes(mutation) ? admin : ada
  const before = await everything()
  expect((await school.change(mutation, right(), viewer)).codes).not.toContain('BAD_USER_INPUT')
  for (const [field, values] of Object.entries(wrong)) {
    for (const value of values) {
      const { data, codes, errors } = await school.change(mutation, { ...right(), [field]: value }, viewer)
      expect([data, codes], `${field}: ${JSON.stringify(value).slice(0, 40)}`).toEqual([null, ['BAD_USER_INPUT']])
      const details = errors[0]?.extensions?.['details'] as InputProblem[]
      expect(new Set(details.map(({ path }) => path))).toEqual(new Set([`input.${field}`]))
    }
  }
  expect(await everything()).toEqual(before)
})

test.each(adminOnly)('%s is for administrators: others are FORBIDDEN, nobody UNAUTHENTICATED', async (mutation) => {
  const input = mutations[mutation]?.right() ?? {}
  for (const viewer of [ada, person('INSTRUCTOR'), { ...admin, scopes: [] }]) {
    expect((await school.change(mutation, input, viewer)).codes).toEqual(['FORBIDDEN'])
  }
  expect((await school.change(mutation, input, { kind: 'anonymous' })).codes).toEqual(['UNAUTHENTICATED'])
})

test('a person changes so many enrollments in a minute, whatever they change, and others go on', async () => {
  const small = await openSchool({ settings: { changesPerUser: 6 } })
  try {
    for (const [mutation, { right }] of Object.entries(mutations)) {
      expect((await small.change(mutation, right(), admin)).codes).not.toEqual(['RATE_LIMITED'])
    }
    for (const [mutation, { right }] of Object.entries(mutations)) {
      expect((await small.change(mutation, right(), admin)).codes).toEqual(['RATE_LIMITED'])
    }
    expect((await small.change('enroll', { courseId: randomUUID() }, ada)).codes).toEqual(['COURSE_NOT_OPEN'])
  } finally {
    await small.stop()
  }
})

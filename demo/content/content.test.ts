import { expect, test } from 'vitest'
import { categories } from './categories.ts'
import { courses } from './courses/index.ts'
import { instructors } from './instructors.ts'
import { learners } from './learners.ts'
import { reviewComments } from './reviews.ts'
import { tags } from './tags.ts'
import type { CourseContent, LessonContent } from './types.ts'

// What schema/courses.graphql and schema/users.graphql allow.
const slug = /^[a-z0-9]+(-[a-z0-9]+)*$/
const longest = { title: 200, description: 20_000, body: 100_000, comment: 2_000, name: 100, bio: 2_000, tag: 50 }

const published = courses.filter((course) => course.status === 'PUBLISHED')

test('the school has what its README says', () => {
  expect(categories).toHaveLength(8)
  expect(tags).toHaveLength(25)
  expect(instructors).toHaveLength(6)
  expect(learners).toHaveLength(240)
  expect(published).toHaveLength(30)
  expect(courses.filter((course) => course.status === 'DRAFT')).toHaveLength(1)
  expect(courses.filter((course) => course.status === 'ARCHIVED')).toHaveLength(1)
  const lessons = published.flatMap(lessonsOf).length
  expect(lessons).toBeGreaterThanOrEqual(250)
  expect(lessons).toBeLessThanOrEqual(320)
  expect(published.filter((course) => !course.price).length).toBe(15)
  expect(currencies()).toEqual({ EUR: 12, USD: 2, JPY: 1 })
})

test('what must be unique is', () => {
  expectUnique(courses.map((course) => course.slug))
  expectUnique(courses.map((course) => course.title))
  expectUnique(categories.map((category) => category.slug))
  expectUnique(tags)
  expectUnique(instructors.map((instructor) => instructor.key))
  expectUnique([...instructors, ...learners].map((person) => person.email))
  expectUnique([...instructors, ...learners].map((person) => person.name))
  for (const course of courses) expectUnique(lessonsOf(course).map((lesson) => lesson.key))
})

test('no text occurs twice', () => {
  expectUnique([
    ...courses.map((course) => course.description),
    ...courses.flatMap((course) => lessonsOf(course).map((lesson) => lesson.title)),
    ...courses.flatMap((course) => lessonsOf(course).flatMap((lesson) => paragraphsOf(lesson))),
    ...courses.map((course) => course.review.comment),
    ...Object.values(reviewComments).flat(),
    ...instructors.map((instructor) => instructor.bio),
  ])
})

test('visitors of the demo find themselves first in the lists', () => {
  expect(instructors[0]?.email).toBe('instructor@stellr.test')
  expect(learners[0]?.email).toBe('learner@stellr.test')
  expect(courses.some((course) => course.instructor === instructors[0]?.key && course.status === 'PUBLISHED')).toBe(true)
})

test('everybody has a name and an address that signing up accepts', () => {
  for (const { email, name } of [...instructors, ...learners]) {
    expect(email).toMatch(/^[a-z]+(-\d+)?@stellr\.test$/)
    expectLength(name, longest.name)
  }
  for (const { bio } of instructors) expectLength(bio, longest.bio)
})

test('every category, tag, instructor and difficulty is used, and no other', () => {
  expect(new Set(courses.map((course) => course.category))).toEqual(new Set(categories.map((category) => category.slug)))
  expect(new Set(courses.flatMap((course) => course.tags))).toEqual(new Set(tags))
  expect(new Set(courses.map((course) => course.instructor))).toEqual(new Set(instructors.map((instructor) => instructor.key)))
  expect(new Set(published.map((course) => course.difficulty))).toEqual(new Set(['BEGINNER', 'INTERMEDIATE', 'ADVANCED']))
  for (const { tags } of courses) expectUnique(tags)
})

test('a search for "design" finds courses of several categories', () => {
  const found = published.filter((course) => /\bdesign\b/i.test(course.title))
  expect(found.length).toBeGreaterThanOrEqual(3)
  expect(new Set(found.map((course) => course.category)).size).toBeGreaterThanOrEqual(3)
})

test('there are comments for every number of stars', () => {
  for (const stars of [3, 4, 5] as const) expect(reviewComments[stars]).toHaveLength(60)
  for (const stars of [1, 2] as const) expect(reviewComments[stars].length).toBeGreaterThanOrEqual(10)
  const all = [...Object.values(reviewComments).flat(), ...courses.map((course) => course.review.comment)]
  for (const comment of all) expectLength(comment, longest.comment)
})

test('names of categories and tags are within limits', () => {
  for (const category of categories) {
    expect(category.slug).toMatch(slug)
    expectLength(category.name, longest.name)
  }
  for (const tag of tags) expectLength(tag, longest.tag)
})

for (const course of courses) {
  const lessons = lessonsOf(course)

  test(`${course.slug} is within what createCourse, addModule and addLesson accept`, () => {
    expect(course.slug).toMatch(slug)
    expect(course.slug.length).toBeGreaterThanOrEqual(3)
    expect(course.slug.length).toBeLessThanOrEqual(100)
    expectLength(course.title, longest.title)
    expectLength(course.description, longest.description)
    expect(course.tags.length).toBeLessThanOrEqual(20)
    if (course.price) expect(Number.isInteger(course.price.amount) && course.price.amount > 0).toBe(true)
    if (course.accessDays !== undefined) expect(course.accessDays).toBeGreaterThanOrEqual(30)
    for (const { title } of course.modules) expectLength(title, longest.title)
    for (const { title, body } of lessons) {
      expectLength(title, longest.title)
      expectLength(body, longest.body)
    }
  })

  test(`${course.slug} can be learned from the first lesson to the last`, () => {
    expect(course.modules.length).toBeGreaterThanOrEqual(2)
    expect(course.modules.length).toBeLessThanOrEqual(5)
    for (const module of course.modules) expect(module.lessons.length, module.title).toBeGreaterThan(0)
    expect(lessons.length).toBeGreaterThanOrEqual(6)
    expect(lessons.length).toBeLessThanOrEqual(16)
    expect(lessons.some((lesson) => lesson.required !== false)).toBe(true)
    const seen = new Set<string>()
    for (const { key, prerequisites = [] } of lessons) {
      expectUnique(prerequisites)
      for (const needed of prerequisites) expect(seen, `${key} needs ${needed}`).toContain(needed)
      seen.add(key)
    }
  })

  test(`${course.slug} has lessons of a believable length`, () => {
    for (const lesson of lessons) {
      expect(lesson.durationSeconds, lesson.key).toBeGreaterThanOrEqual(60)
      expect(lesson.durationSeconds, lesson.key).toBeLessThanOrEqual(30 * 60)
      const words = lesson.body.split(/\s+/).length
      const [fewest, most] = lesson.kind === 'ARTICLE' ? [60, 180] : [10, 60]
      expect(words, lesson.key).toBeGreaterThanOrEqual(fewest)
      expect(words, lesson.key).toBeLessThanOrEqual(most)
    }
    const sentences = course.description.match(/[.!?](?=\s|$)/g)?.length
    expect(sentences).toBeGreaterThanOrEqual(2)
    expect(sentences).toBeLessThanOrEqual(4)
  })
}

function lessonsOf(course: CourseContent): readonly LessonContent[] {
  return course.modules.flatMap((module) => module.lessons)
}

function paragraphsOf(lesson: LessonContent): string[] {
  return lesson.body.split('\n\n')
}

function currencies(): Record<string, number> {
  const paid = published.flatMap((course) => course.price?.currency ?? [])
  return Object.fromEntries(['EUR', 'USD', 'JPY'].map((currency) => [currency, paid.filter((one) => one === currency).length]))
}

function expectUnique(values: readonly string[]): void {
  const seen = new Set<string>()
  const twice = values.filter((value) => seen.size === seen.add(value.trim().toLowerCase()).size)
  expect(twice).toEqual([])
}

function expectLength(text: string, longest: number): void {
  expect(text).toBe(text.trim())
  expect(text.length).toBeGreaterThanOrEqual(1)
  expect(text.length, text).toBeLessThanOrEqual(longest)
}

import { anonymous, systemRandom, type UserViewer, type Viewer } from '@stellr/kit'
import { viewerOf } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type School } from './testing/school.ts'

let school: School
beforeAll(async () => {
  school = await openSchool()
})
afterAll(() => school.stop())

const RATED = 'course { rating ratingCount viewerReview { stars comment } } review { id stars comment author { id } createdAt updatedAt }'

const rate = (courseId: string, stars: number, viewer: Viewer, rest: object = {}) =>
  school.change('rateCourse', { courseId, stars, ...rest }, RATED, viewer)

async function learnerOf(courseId: string): Promise<UserViewer> {
  const learner = viewerOf('STUDENT')
  await school.enroll(learner, courseId)
  return learner
}

test('a learner rates, and rates again: one rating, and the mean is of what stands now', async () => {
  const { id } = await school.published()
  const [ada, bob] = [await learnerOf(id), await learnerOf(id)]
  const first = await rate(id, 5, ada, { comment: ' Fine ' })
  expect(first.data).toMatchObject({
    course: { rating: 5, ratingCount: 1, viewerReview: { stars: 5, comment: 'Fine' } },
    review: { stars: 5, comment: 'Fine', author: { id: ada.id } },
  })
  expect((await rate(id, 4, bob)).data.course).toMatchObject({ rating: 4.5, ratingCount: 2, viewerReview: { comment: null } })
  const again = await rate(id, 2, ada)
  expect(again.data).toMatchObject({
    course: { rating: 3, ratingCount: 2 },
    review: { id: first.data.review.id, stars: 2, comment: 'Fine' },
  })
  expect((await rate(id, 2, ada, { comment: null })).data.review.comment).toBeNull()
  expect((await rate(id, 2, ada, { comment: '  ' })).data.review.comment).toBeNull()
  const told = (await school.events(first.data.review.id)).map(({ type, aggregateversion, data }) => [type, aggregateversion, data])
  const facts = { reviewId: first.data.review.id, courseId: id, userId: ada.id }
  expect(told).toEqual([
    ['review.given', 1, { ...facts, stars: 5, previousStars: null }],
    ['review.given', 2, { ...facts, stars: 2, previousStars: 5 }],
    ['review.given', 3, { ...facts, stars: 2, previousStars: 2 }],
  ])
})

test('a mean has two digits', async () => {
  const { id } = await school.published()
  for (const stars of [5, 5, 4]) await rate(id, stars, await learnerOf(id))
  expect((await school.ask('query ($id: ID) { course(id: $id) { rating } }', { id })).data.course.rating).toBe(4.67)
})

test('a hundred learners who rate at once are all counted, to the star', async () => {
  const { id } = await school.published()
  const learners = Array.from({ length: 100 }, () => viewerOf('STUDENT'))
  await school.sql(
    `INSERT INTO enrollment (id, user_id, course_id, course_version, status, attempt, version, created_at, updated_at)
     SELECT gen_random_uuid(), unnest($2::uuid[]), $1, 1, 'ACTIVE', 1, 1, now(), now()`,
    [id, learners.map((learner) => learner.id)],
  )
  // On a busy machine some wait too long for a connection, and are told to try again.
  const patiently = async (stars: number, learner: UserViewer): Promise<unknown> => {
    const { codes } = await rate(id, stars, learner)
    return codes.includes('SERVICE_UNAVAILABLE') ? patiently(stars, learner) : codes
  }
  const replies = await Promise.all(learners.map((learner, n) => patiently((n % 5) + 1, learner)))
  expect(replies.flat()).toEqual([])
  expect(await school.sql('SELECT rating_sum, rating_count, rating FROM course WHERE id = $1', [id])).toEqual([
    { rating_sum: 300, rating_count: 100, rating: 300 },
  ])
  expect(await school.sql('SELECT sum(stars)::int AS sum, count(*)::int AS count FROM review WHERE course_id = $1', [id])).toEqual([
    { sum: 300, count: 100 },
  ])
})

test('one learner who rates twenty times at once has one rating', async () => {
  const { id } = await school.published()
  const ada = await learnerOf(id)
  const replies = await Promise.all(Array.from({ length: 20 }, (_, n) => rate(id, (n % 5) + 1, ada)))
  expect(new Set(replies.map(({ data }) => data.review.id)).size).toBe(1)
  const [row] = await school.sql<{ stars: number; same: boolean }>(
    'SELECT stars, rating_sum = stars AND rating_count = 1 AND rating = stars * 100 AS same FROM review JOIN course ON course.id = course_id WHERE course_id = $1',
    [id],
  )
  expect(row?.same).toBe(true)
})

test('who learns or has learned may rate; who never had access, and strangers, are NOT_ENROLLED', async () => {
  const { id } = await school.published()
  const may = ['ACTIVE', 'COMPLETED', 'DROPPED', 'EXPIRED', 'SUSPENDED', 'REFUNDED'] as const
  for (const status of may) {
    const learner = viewerOf('STUDENT')
    await school.enroll(learner, id, { status })
    expect((await rate(id, 3, learner)).codes, status).toEqual([])
  }
  const never = (['PENDING_PAYMENT', 'CANCELED', null] as const).map(async (status) => {
    const learner = viewerOf('STUDENT')
    if (status) await school.enroll(learner, id, { status })
    return (await rate(id, 3, learner)).codes
  })
  expect(await Promise.all(never)).toEqual([['NOT_ENROLLED'], ['NOT_ENROLLED'], ['NOT_ENROLLED']])
  expect((await rate(id, 3, anonymous)).codes).toEqual(['UNAUTHENTICATED'])
})

test('who has enrolled a moment ago may rate before the news has arrived', async () => {
  const { id } = await school.published()
  const learner = viewerOf('STUDENT')
  const asked = rate(id, 4, learner)
  await school.enroll(learner, id)
  expect((await asked).data.course.ratingCount).toBe(1)
})

test('nobody rates their own course, or one that they may not see', async () => {
  const { id, teacher } = await school.published()
  await school.enroll(teacher, id)
  expect((await rate(id, 5, teacher)).codes).toEqual(['FORBIDDEN'])
  const draft = await school.draft(teacher)
  expect((await rate(draft.id, 5, viewerOf('STUDENT'))).codes).toEqual(['NOT_FOUND'])
  expect((await rate(systemRandom.id(), 5, viewerOf('STUDENT'))).codes).toEqual(['NOT_FOUND'])
})

test('ratings are read by whoever sees the course, newest first, page by page', async () => {
  const { id } = await school.published()
  const learners = [await learnerOf(id), await learnerOf(id), await learnerOf(id)]
  for (const [n, learner] of learners.entries()) await rate(id, n + 1, learner)
  const text =
    'query ($id: ID, $first: Int, $after: String) { course(id: $id) { reviews(first: $first, after: $after) { edges { node { stars author { id } } } pageInfo { endCursor hasNextPage } } } }'
  const page = async (variables: object) => (await school.ask(text, { id, ...variables })).data.course.reviews
  const newest = await page({ first: 2 })
  expect(newest.edges.map(({ node }: { node: object }) => node)).toEqual([
    { stars: 3, author: { id: learners[2]?.id } },
    { stars: 2, author: { id: learners[1]?.id } },
  ])
  expect((await page({ first: 2, after: newest.pageInfo.endCursor })).edges).toMatchObject([{ node: { stars: 1 } }])
  expect((await school.ask(text, { id, first: 51 })).codes).toEqual(['BAD_USER_INPUT'])
})

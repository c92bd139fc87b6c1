import { expect, test } from 'vitest'
import { z } from 'zod'
import { page, type PageArgs, type PageQuery } from './pages.ts'

const rows = Array.from({ length: 45 }, (_, id) => ({ id }))
const order = { name: 'numbers', key: z.tuple([z.int()]), of: (row: { id: number }): [number] => [row.id] }
const query = async ({ limit, after }: PageQuery<[number]>) => rows.filter(({ id }) => after === null || id > after[0]).slice(0, limit)
const read = (args: PageArgs) => page(args, order, query)

test('pages follow one another without gap or repetition', async () => {
  const seen: number[] = []
  let after: string | null = null
  do {
    const { edges, pageInfo } = await read({ first: 7, after })
    seen.push(...edges.map(({ node }) => node.id))
    expect(pageInfo.hasPreviousPage).toBe(after !== null)
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null
  } while (after)
  expect(seen).toEqual(rows.map(({ id }) => id))
})

test('a page has twenty items unless told otherwise, and may have none', async () => {
  expect((await read({})).edges).toHaveLength(20)
  expect(await read({ first: 0 })).toEqual({
    edges: [],
    pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
  })
})

test.each([-1, 51, 2 ** 31])('first: %i is refused', async (first) => {
  await expect(read({ first })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: [{ path: 'first' }] })
})

test.each([
  ['made up', 'xyz'],
  ['empty', ''],
  ['of another list', Buffer.from('["letters",[1]]').toString('base64url')],
  ['of the wrong shape', Buffer.from('["numbers",["1; DROP TABLE"]]').toString('base64url')],
  ['enormous', 'A'.repeat(100_000)],
])('a cursor that is %s is refused', async (_what, after) => {
  await expect(read({ after })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: [{ path: 'after' }] })
})

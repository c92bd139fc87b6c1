import { countStatements } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCatalogue, type Catalogue } from '../testing/catalogue.ts'

let catalogue: Catalogue
beforeAll(async () => {
  catalogue = await openCatalogue()
  await catalogue.add(
    { title: 'Graphic Design', description: 'Layout and color', tags: ['Art'], learners: 5 },
    { title: 'Résumés that work', description: 'For café owners, in Łódź and Åre' },
    { title: 'Python for everyone', description: 'Programming with snakes and communication' },
    { title: 'Colors', description: 'How a designer sees them', learners: 900 },
    { title: 'Painting', tags: ['Graphic Design'], learners: 90 },
    { title: 'C++ in depth' },
    { title: 'C# at work' },
    { title: 'R and statistics' },
    { title: 'The Who', description: 'A band' },
    { title: 'Курс рисования', description: 'для начинающих' },
    { title: 'IT security' },
    { title: 'Sewing a draft', status: 'DRAFT' },
    { title: 'Sewing, archived', status: 'ARCHIVED' },
  )
})
afterAll(() => catalogue.stop())

test.each([
  ['a word', 'python', ['Python for everyone']],
  ['its beginning', 'pyth', ['Python for everyone']],
  ['the beginning of a word whose stem is shorter', 'communicatio', ['Python for everyone']],
  ['another form of it', 'communicating', ['Python for everyone']],
  ['capitals', 'PYTHON', ['Python for everyone']],
  ['no accents', 'resume cafe lodz are', ['Résumés that work']],
  ['accents where the text has none', 'pythön', ['Python for everyone']],
  ['accents that stand apart', 're\u0301sume\u0301s', ['Résumés that work']],
  ['a word of the description', 'snakes', ['Python for everyone']],
  ['words that stand in different places', 'python snakes', ['Python for everyone']],
  ['words of which one is nowhere in it', 'python color', []],
  ['words that every text has among others', 'the python of', ['Python for everyone']],
  ['nothing but words that every text has', 'the who', ['The Who']],
  ['two letters, which no longer word begins with', 'it', ['IT security']],
  ['one letter', 'r', ['R and statistics']],
  ['C++', 'c++', ['C++ in depth']],
  ['C#', 'C#', ['C# at work']],
  ['another alphabet', 'рисован', ['Курс рисования']],
  ['signs around it', '"python", (everyone)!', ['Python for everyone']],
  ['what only a draft or an archived course has', 'sewing', []],
])('finds by %s: %s', async (_how, search, titles) => {
  expect(await catalogue.titles({ search })).toEqual(titles)
})

test.each(['design', 'desig', 'designing', 'Designs'])(
  '%s finds titles before tags before descriptions, however popular these are',
  async (search) => {
    expect(await catalogue.titles({ search })).toEqual(['Graphic Design', 'Painting', 'Colors'])
  },
)

test('of courses that answer as well the one with more learners comes first', async () => {
  await catalogue.add({ title: 'Juggling', learners: 1 }, { title: 'Juggling too', learners: 3 }, { title: 'Juggling', learners: 2 })
  const { data } = await catalogue.courses({ search: 'juggling' }, 'edges { node { title } }')
  expect(data.courses.edges.map((edge: { node: { title: string } }) => edge.node.title)).toEqual(['Juggling too', 'Juggling', 'Juggling'])
})

test.each([
  ['desing', 'design', 'Graphic Design'],
  ['pyhton', 'python', 'Python for everyone'],
  ['pithon snaks', 'python snakes', 'Python for everyone'],
  ['comunication', 'communication', 'Python for everyone'],
  ['yours pithon', 'yours python', 'Python for everyone'],
  ['Grafic design', 'graphic design', 'Graphic Design'],
])('%s is taken for %s, and the answer says so', async (search, corrected, title) => {
  const { data } = await catalogue.courses({ search })
  expect(data.courses.edges[0].node.title).toBe(title)
  expect(data.courses.correctedSearch).toBe(corrected)
})

test('what finds something is never corrected, and neither is what resembles nothing', async () => {
  for (const search of ['design', 'xqzzwk', 'python color', 'zz']) {
    expect((await catalogue.courses({ search })).data.courses.correctedSearch).toBeNull()
  }
})

test('a filter that lets nothing through does not make a word mistyped', async () => {
  const { data } = await catalogue.courses({ search: 'python', filter: { free: false } })
  expect(data.courses).toMatchObject({ edges: [], correctedSearch: null })
})

test('a word whose courses are gone does not stand in the way of one that finds something', async () => {
  const [gone] = await catalogue.add({ title: 'Origama' }, { title: 'Origamis' })
  await catalogue.sql(`UPDATE course SET status = 'ARCHIVED' WHERE id = $1`, [gone])
  const { data } = await catalogue.courses({ search: 'origame' })
  expect(data.courses.edges.map((edge: { node: { title: string } }) => edge.node.title)).toEqual(['Origamis'])
})

test('a corrected search goes on page by page', async () => {
  await catalogue.add(...Array.from({ length: 3 }, (_, n) => ({ title: `Woodturning ${n}` })))
  const first = (await catalogue.courses({ search: 'wodturning', first: 2 })).data.courses
  const next = (await catalogue.courses({ search: 'wodturning', first: 2, after: first.pageInfo.endCursor })).data.courses
  expect([...first.edges, ...next.edges].map((edge) => edge.node.title).toSorted()).toEqual([
    'Woodturning 0',
    'Woodturning 1',
    'Woodturning 2',
  ])
  expect(next).toMatchObject({ pageInfo: { hasNextPage: false }, correctedSearch: 'woodturning' })
})

test('a course is found by what it says now, and no longer by what it said', async () => {
  const [id = ''] = await catalogue.add({ title: 'Falconry', tags: ['Birds'] })
  await catalogue.sql(`UPDATE course SET title = 'Beekeeping' WHERE id = $1`, [id])
  await catalogue.sql('DELETE FROM course_tag WHERE course_id = $1', [id])
  expect(await catalogue.titles({ search: 'falconry' })).toEqual(['Beekeeping'])
  await catalogue.inTransaction((tx) => tx.indexCourse(id))
  expect(await catalogue.titles({ search: 'beekeeping' })).toEqual(['Beekeeping'])
  expect(await catalogue.titles({ search: 'falconry' })).toEqual([])
  expect(await catalogue.titles({ search: 'birds' })).toEqual([])
})

test('courses with the same new words are written at once without a deadlock', async () => {
  const words = Array.from({ length: 200 }, (_, n) => `new${String.fromCharCode(97 + (n % 26), 97 + Math.floor(n / 26))}word`)
  const ids = await catalogue.add(...Array.from({ length: 12 }, () => ({ title: 'Busy' })))
  for (const [n, id] of ids.entries()) {
    await catalogue.sql('UPDATE course SET description = $2 WHERE id = $1', [id, (n % 2 === 0 ? words : words.toReversed()).join(' ')])
  }
  await Promise.all(ids.map((id) => catalogue.inTransaction((tx) => tx.indexCourse(id))))
  const [found] = await catalogue.sql<{ n: number }>(`SELECT count(*)::int AS n FROM catalogue_word WHERE word LIKE 'new__word'`)
  expect(found?.n).toBe(200)
})

test('a page costs one statement, whatever is asked; facets three more, and only when they are asked for', async () => {
  const statementsOf = async (work: () => Promise<unknown>) =>
    (await countStatements(work)).statements.filter(({ database, text }) => database === 'courses' && !text.includes('stellr.')).length
  const facets = 'edges { node { title } } facets { total categories { category { name } } tags { tag { name } } }'
  for (const asked of [{ first: 50 }, { search: 'design' }, { search: 'design', filter: { free: true }, sort: 'PRICE' }]) {
    expect(await statementsOf(() => catalogue.courses(asked))).toBe(1)
  }
  await catalogue.add({ title: 'Counted', tags: ['Art'], categoryId: await catalogue.category('Arts') })
  expect(await statementsOf(() => catalogue.courses({ first: 50 }, facets))).toBe(4)
})

test('writing what is searched costs two statements, for one course and for many', async () => {
  const ids = await catalogue.add({ title: 'One' }, { title: 'Two' }, { title: 'Three' })
  const { statements } = await countStatements(() => catalogue.inTransaction((tx) => tx.indexCourses(ids)))
  expect(statements.filter(({ text }) => /\bcourse\b/.test(text))).toHaveLength(2)
})

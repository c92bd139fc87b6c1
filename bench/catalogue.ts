import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { courses } from '@stellr/courses'
import {
  anonymous,
  createDatabaseIfMissing,
  createLogger,
  fromRoot,
  migrate,
  openDatabase,
  openPostgresLog,
  startEmbeddedPostgres,
} from '@stellr/kit'
import { parse } from 'graphql'
import pg from 'pg'
import { store } from '../subgraphs/courses/src/store.ts'
import { writeCourses } from './catalogue-courses.ts'

// pnpm bench:catalogue [sizes] [runs]: what the catalogue answers over so many courses, through the subgraph's resolvers.
const [sizes = '1000,10000,100000', runs = '50'] = process.argv.slice(2)
const WARM_UP = 8
const BATCH = 500
const log = createLogger({ name: 'bench', level: 'error' })

const variables = '$search: String, $filter: CourseFilter, $sort: CourseSort, $after: String'
const page = 'courses(search: $search, filter: $filter, sort: $sort, after: $after)'
const fields =
  'edges { node { id slug title description difficulty price { amount currency } rating } } pageInfo { endCursor } correctedSearch'
const facets =
  'facets { total free paid categories { category { name } count } tags { tag { name } count } difficulties { difficulty count } }'
const withoutFacets = parse(`query (${variables}) { ${page} { ${fields} } }`)
const withFacets = parse(`query (${variables}) { ${page} { ${fields} ${facets} } }`)

interface Sample {
  p50: number
  p99: number
}

interface Asked {
  search?: string
  filter?: Record<string, unknown>
  sort?: string
  /** How many pages to go on before measuring. */
  page?: number
  facets?: boolean
}

interface Catalogue {
  questions: Map<string, Asked>
  /** Gives the end cursor of the page. */
  ask(asked: Asked & { after?: string }): Promise<string | undefined>
  close(): Promise<void>
}

const dataDir = mkdtempSync(join(tmpdir(), 'stellr-bench-'))
const postgres = await startEmbeddedPostgres({ dataDir, durable: false })
try {
  await main()
} finally {
  await postgres.stop()
  rmSync(dataDir, { recursive: true, force: true })
}

async function main(): Promise<void> {
  const catalogues: Catalogue[] = []
  for (const size of sizes.split(',').map(Number)) catalogues.push(await open(size))
  const results = new Map<string, Sample[]>()
  for (const name of catalogues[0]?.questions.keys() ?? []) {
    const samples = await measure(catalogues, name)
    results.set(name, samples)
    console.log(name.padEnd(60), samples.map(({ p50, p99 }) => `${p50.toFixed(1)} / ${p99.toFixed(1)}`.padStart(16)).join(''))
  }
  report(results)
  for (const { close } of catalogues) await close()
}

async function open(size: number): Promise<Catalogue> {
  const url = postgres.url(`courses_${size}`)
  const logUrl = postgres.url(`events_${size}`)
  await createDatabaseIfMissing(url)
  await createDatabaseIfMissing(logUrl)
  await migrate(url, fromRoot('prisma/courses/migrations'))
  console.log(`${size} courses: written in ${await seconds(() => writeCourses(url, size))} s`)
  console.log(`${size} courses: indexed in ${await seconds(() => indexAll(url))} s`)
  const eventLog = await openPostgresLog({ url: logUrl, log })
  const settings = courses.config.parse({ facetsKeptSeconds: 0 })
  const subgraph = await courses.start({ settings, databaseUrl: url, eventLog, log, background: false })
  return {
    questions: new Map(await questions(url)),
    async ask({ facets = false, ...variables }) {
      const { data, errors } = await subgraph.execute({
        document: facets ? withFacets : withoutFacets,
        variables,
        viewer: anonymous,
        caller: { ipAddress: null, userAgent: null },
        signal: new AbortController().signal,
      })
      if (errors) throw new Error(JSON.stringify(errors))
      return JSON.parse(JSON.stringify(data)).courses.pageInfo.endCursor ?? undefined
    },
    async close() {
      await subgraph.stop()
      await eventLog.close()
    },
  }
}

/** What is asked, named for the table. Which categories and tags are common and which are rare, the database knows. */
async function questions(url: string): Promise<[string, Asked][]> {
  const common = async (column: string, table: string, end: 'ASC' | 'DESC') =>
    (await rows<{ id: string }>(url, `SELECT ${column} AS id FROM ${table} WHERE ${column} IS NOT NULL GROUP BY 1 ORDER BY count(*) ${end}, 1 LIMIT 1`))
      .map(({ id }) => id) // prettier-ignore
  const [rare] = await rows<{ word: string }>(
    url,
    `SELECT substring(description FROM 'Inspired by (\\w+)') AS word FROM course WHERE status = 'PUBLISHED' ORDER BY id LIMIT 1`,
  )
  const sorts = ['NEWEST', 'RATING', 'POPULARITY', 'PRICE']
  const searches: [string, string][] = [
    ['a word of most descriptions', 'certificate'],
    ['a word of many titles', 'advanced'],
    ['a rare word', rare?.word ?? ''],
    ['a beginning of many words', 'cal'],
    ['a beginning of one subject', 'fermen'],
    ['two words', 'piano beginners'],
    ['a mistyped word', 'guitra'],
    ['a word that resembles nothing', 'xqzzw'],
  ]
  const filters: [string, Record<string, unknown>][] = [
    ['common category', { categoryIds: await common('category_id', 'course', 'DESC') }],
    ['rare category', { categoryIds: await common('category_id', 'course', 'ASC') }],
    ['common tag', { tagIds: await common('tag_id', 'course_tag', 'DESC') }],
    ['rare tag', { tagIds: await common('tag_id', 'course_tag', 'ASC') }],
    ['instructor', { instructorId: (await common('instructor_id', 'course', 'DESC'))[0] }],
    ['free', { free: true }],
    ['paid', { free: false }],
    ['at most 10 EUR', { maxPrice: { amount: 1000, currency: 'EUR' } }],
  ]
  const both = { search: 'advanced', filter: { ...filters[0]?.[1], free: true } }
  return [
    ...sorts.flatMap((sort): [string, Asked][] => [
      [`${sort}, first page`, { sort }],
      [`${sort}, 50th page`, { sort, page: 50 }],
    ]),
    ...searches.flatMap(([name, search]): [string, Asked][] => [
      [`${name}, RELEVANCE`, { search }],
      [`${name}, NEWEST`, { search, sort: 'NEWEST' }],
    ]),
    ...filters.flatMap(([name, filter]) => sorts.map((sort): [string, Asked] => [`${name}, ${sort}`, { filter, sort }])),
    ['a word of many titles, common category, free, NEWEST', { ...both, sort: 'NEWEST' }],
    ['a word of many titles, common category, free, RELEVANCE', both],
    ['facets of everything', { facets: true }],
    ['facets of a word of most descriptions', { facets: true, search: 'certificate' }],
    ['facets of a rare word', { facets: true, search: rare?.word ?? '' }],
    ['facets of a common category', { facets: true, filter: filters[0]?.[1] ?? {} }],
  ]
}

// All sizes in turn, so that what else the machine does falls on all of them.
async function measure(catalogues: readonly Catalogue[], name: string): Promise<Sample[]> {
  const contenders = await Promise.all(
    catalogues.map(async ({ ask, questions }) => {
      const { page = 1, ...asked } = questions.get(name) ?? {}
      let after: string | undefined
      for (let n = 1; n < page; n += 1) after = await ask({ ...asked, ...(after && { after }) })
      const times: number[] = []
      return { times, run: () => ask({ ...asked, ...(after && { after }) }) }
    }),
  )
  for (let run = -WARM_UP; run < Number(runs); run += 1) {
    for (const { times, run: ask } of contenders) {
      const started = performance.now()
      await ask()
      if (run >= 0) times.push(performance.now() - started)
    }
  }
  return contenders.map(({ times }) => {
    times.sort((a, b) => a - b)
    const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
    return { p50: at(0.5), p99: at(0.99) }
  })
}

async function indexAll(url: string): Promise<void> {
  const database = await openDatabase({ name: 'courses', url, store, log })
  const ids = (await rows<{ id: string }>(url, 'SELECT id FROM course ORDER BY id')).map(({ id }) => id)
  for (let n = 0; n < ids.length; n += BATCH) await database.store().indexCourses(ids.slice(n, n + BATCH))
  await database.close()
  // As it is after a while of use: autovacuum comes by, and rows that were written twice do not lie beside their remains.
  for (const work of ['VACUUM FULL course', 'VACUUM ANALYZE']) await rows(url, work)
}

async function rows<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

async function seconds(work: () => Promise<void>): Promise<string> {
  const started = performance.now()
  await work()
  return ((performance.now() - started) / 1000).toFixed(1)
}

function report(results: Map<string, Sample[]>): void {
  const names = sizes.split(',')
  console.log(`\np50 / p99 in ms of ${runs} runs each, one at a time, Node ${process.version}\n`)
  console.log(`| | ${names.join(' | ')} | ${names.at(-1)} : ${names[0]} |\n|---|${names.map(() => '---|').join('')}---|`)
  for (const [name, samples] of results) {
    const ratio = (samples.at(-1)?.p50 ?? Number.NaN) / (samples[0]?.p50 ?? Number.NaN)
    console.log(`| ${name} | ${samples.map(({ p50, p99 }) => `${p50.toFixed(1)} / ${p99.toFixed(1)}`).join(' | ')} | ${ratio.toFixed(1)} |`)
  }
}

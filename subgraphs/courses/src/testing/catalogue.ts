import { createLogger, openDatabase, systemRandom, type Tx } from '@stellr/kit'
import { query, runSubgraph, type Answer, type TestedSubgraph } from '@stellr/kit/testing'
import { courses } from '../index.ts'
import { store, type Store } from '../store.ts'

export interface CourseFacts {
  title?: string
  description?: string
  /** Names; made when they are new. */
  tags?: string[]
  categoryId?: string | null
  instructorId?: string
  difficulty?: 'BEGINNER' | 'INTERMEDIATE' | 'ADVANCED'
  amount?: number
  currency?: string
  status?: 'DRAFT' | 'PUBLISHED' | 'ARCHIVED'
  publishedAt?: string
  stars?: number
  learners?: number
}

export interface Asked {
  search?: string
  filter?: object
  sort?: string
  first?: number | null
  after?: string | null
}

export interface Catalogue extends TestedSubgraph {
  /** Puts courses in, searchable; gives their ids in the same order. */
  add(...courses: CourseFacts[]): Promise<string[]>
  category(name: string): Promise<string>
  tagId(name: string): Promise<string>
  courses(asked: Asked, payload?: string): Promise<Answer>
  /** The titles on the first page. */
  titles(asked: Asked): Promise<string[]>
  inTransaction<T>(work: (tx: Tx<Store>) => Promise<T>): Promise<T>
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
}

const QUERY = (payload: string) => `query ($search: String, $filter: CourseFilter, $sort: CourseSort, $first: Int, $after: String) {
  courses(search: $search, filter: $filter, sort: $sort, first: $first, after: $after) { ${payload} } }`

/** courses alone, with facets that are counted anew each time. */
export async function openCatalogue(settings: Record<string, unknown> = {}): Promise<Catalogue> {
  const tested = await runSubgraph(courses, { settings: { facetsKeptSeconds: 0, ...settings } })
  const database = await openDatabase({
    name: 'courses',
    url: tested.databaseUrl,
    store,
    log: createLogger({ name: 'test', level: 'silent' }),
  })
  const sql = <Row extends object>(text: string, values?: unknown[]) => query<Row>(tested.databaseUrl, text, values)

  const catalogue: Catalogue = {
    ...tested,
    sql,
    inTransaction: (work) => database.transact(({ tx }) => work(tx)),
    async add(...given) {
      const rows = given.map((facts) => ({ id: systemRandom.id(), ...facts }))
      await sql(
        `INSERT INTO course (id, slug, title, description, instructor_id, category_id, difficulty, price_amount, price_currency, status,
           published_version, published_at, rating_sum, rating_count, rating, learner_count, created_at, updated_at)
         SELECT id, id, coalesce(title, 'Untitled'), coalesce(description, ''), coalesce("instructorId", id), "categoryId",
           coalesce(difficulty, 'BEGINNER'), coalesce(amount, 0), coalesce(currency, 'EUR'), coalesce(status, 'PUBLISHED'),
           CASE WHEN status = 'DRAFT' THEN 0 ELSE 1 END, CASE WHEN status = 'DRAFT' THEN NULL ELSE coalesce("publishedAt", '2026-01-01') END,
           coalesce(stars, 0), CASE WHEN stars IS NULL THEN 0 ELSE 1 END, stars * 100, coalesce(learners, 0), now(), now()
         FROM jsonb_to_recordset($1) AS c (id uuid, title text, description text, "instructorId" uuid, "categoryId" uuid,
           difficulty "Difficulty", amount int, currency text, status "CourseStatus", "publishedAt" timestamptz, stars int, learners int)`,
        [JSON.stringify(rows)],
      )
      for (const { id, tags = [] } of rows) {
        for (const name of tags) {
          await sql('INSERT INTO course_tag (course_id, tag_id) VALUES ($1, $2)', [id, await catalogue.tagId(name)])
        }
      }
      const ids = rows.map(({ id }) => id)
      await catalogue.inTransaction((tx) => tx.indexCourses(ids))
      return ids
    },
    async category(name) {
      const id = systemRandom.id()
      await sql('INSERT INTO category (id, slug, name, created_at, updated_at) VALUES ($1, $2, $3, now(), now())', [id, id, name])
      return id
    },
    async tagId(name) {
      const [known] = await sql<{ id: string }>('SELECT id FROM tag WHERE name = $1', [name])
      if (known) return known.id
      const id = systemRandom.id()
      await sql('INSERT INTO tag (id, name, created_at, updated_at) VALUES ($1, $2, now(), now())', [id, name])
      return id
    },
    courses: (asked, payload = 'edges { cursor node { id title } } pageInfo { hasNextPage endCursor } correctedSearch') =>
      tested.ask(QUERY(payload), { ...asked }),
    async titles(asked) {
      const { data, errors } = await catalogue.courses(asked)
      if (errors.length > 0) throw new Error(JSON.stringify(errors))
      return data.courses.edges.map((edge: { node: { title: string } }) => edge.node.title)
    },
    async stop() {
      await database.close()
      await tested.stop()
    },
  }
  return catalogue
}

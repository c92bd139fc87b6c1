import type { CourseContent } from '../types.ts'

export const relationalDatabaseDesign: CourseContent = {
  slug: 'relational-database-design',
  title: 'Relational Database Design',
  description:
    'Code is rewritten every few years; the data stays for decades. Learn to design tables that cannot hold nonsense, to read a query plan, and to change a schema while people are using it. All examples run on PostgreSQL and follow one small bicycle hire company as it grows.',
  category: 'programming',
  difficulty: 'INTERMEDIATE',
  instructor: 'marta',
  tags: ['databases', 'architecture'],
  price: { amount: 5_900, currency: 'EUR' },
  accessDays: 365,
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Saying what is true',
      lessons: [
        {
          key: 'spreadsheet-pain',
          title: 'The spreadsheet that lost a bicycle',
          kind: 'VIDEO',
          durationSeconds: 405,
          freePreview: true,
          body: 'A hire shop, one big table, and the afternoon on which bicycle 14 was in two places at once. What exactly went wrong?',
        },
        {
          key: 'one-fact-one-place',
          title: 'One fact, one place',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Normal forms have frightening names and one plain idea: every fact is written down exactly once. If a customer's address stands in each of her forty rentals, it will sooner or later stand there in two versions, and nothing in the data can say which is right.

So ask of each column: *what is this a fact about?* The rental's start is about the rental. The address is about the customer. The price per hour is about the bicycle, until you notice that it is about the bicycle **at the time of renting**, and belongs to the rental after all.

That last case is not duplication. It is history.`,
        },
        {
          key: 'keys',
          title: 'Keys, natural and made up',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `A key says which row you mean. Natural keys come with the thing: a frame number, an ISBN. They look ideal until a thing has none, or the workshop stamps a frame again.

Made-up keys mean nothing and therefore never change. Use one as the primary key, so that everything else can point at it safely, and *also* declare the natural one unique, so that the same frame cannot be entered twice.

Both matter. With only the made-up key, your table happily stores one bicycle five times, each with a perfectly valid number.`,
        },
        {
          key: 'constraints',
          title: 'Let the database say no',
          kind: 'VIDEO',
          durationSeconds: 560,
          prerequisites: ['keys'],
          body: '`NOT NULL`, `CHECK`, `UNIQUE`, foreign keys and an exclusion constraint that makes overlapping rentals impossible. Two sessions try to cheat at the same time.',
        },
      ],
    },
    {
      title: 'Asking quickly',
      lessons: [
        {
          key: 'how-an-index-works',
          title: 'How an index works',
          kind: 'VIDEO',
          durationSeconds: 510,
          body: 'A phone book, a tree drawn on paper, and why the order of columns in an index is the order in which you may ask.',
        },
        {
          key: 'reading-plans',
          title: 'Reading a query plan',
          kind: 'VIDEO',
          durationSeconds: 640,
          prerequisites: ['how-an-index-works'],
          body: 'Start at the innermost line, compare estimated with actual rows, look for the first place where they disagree by a factor of ten.',
        },
        {
          key: 'when-not-to-index',
          title: 'When not to index',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `Each index makes every insert a little slower, takes memory that data could use, and must be chosen among by the planner. An index that no query uses is pure rent; PostgreSQL counts uses for you in \`pg_stat_user_indexes\`, so evict the idle ones once a quarter.

Small tables do not need them: reading two pages is cheaper than descending a tree. Columns with three values seldom do, except as a *partial* index on the rare one. "Rentals that are still open" is a hundred rows among ten million, and an index on just those stays tiny for ever.`,
        },
      ],
    },
    {
      title: 'Changing without closing',
      lessons: [
        {
          key: 'expand-contract',
          title: 'Expand, migrate, contract',
          kind: 'ARTICLE',
          durationSeconds: 135,
          prerequisites: ['one-fact-one-place'],
          body: `You want to split \`name\` into two columns on a table that is never idle. Do it in steps, each of which works with the code before *and* after it:

1. Add the new columns, empty.
2. Deploy code that writes both and reads the old.
3. Fill in old rows, in small batches with pauses.
4. Deploy code that reads the new.
5. Weeks later, drop the old.

Five deployments sound slow. Compare them with one clever migration that locks the table at noon. At any point you can stop, or go back one step, and nobody who is renting a bicycle notices.`,
        },
        {
          key: 'locks-in-migrations',
          title: 'Which statements lock what',
          kind: 'VIDEO',
          durationSeconds: 535,
          body: 'A table under constant load while we try six kinds of `ALTER TABLE`. Two are harmless, one is instant but waits behind a long query and blocks the world.',
        },
        {
          key: 'schema-review',
          title: 'Handout: reviewing a schema',
          kind: 'DOCUMENT',
          durationSeconds: 360,
          body: 'Fifteen questions to put to any proposed table, from "what is the row?" to "how does it end?", with the trouble that each one has prevented.',
        },
      ],
    },
  ],
  review: {
    stars: 5,
    comment: 'The bicycle company got into exactly the trouble my employer is in. Used the expand and contract lesson on Monday.',
  },
}

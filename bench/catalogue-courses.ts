import pg from 'pg'

const subjects = [
  'design, graphic design, web design, interior design, game design, product design, fashion design, sound design',
  'python, javascript, typescript, rust, java, kotlin, swift, databases, postgres, networks, security, linux, cloud computing',
  'algebra, calculus, statistics, geometry, probability, logic, physics, chemistry, biology, astronomy, geology, genetics',
  'watercolor, drawing, photography, sculpture, ceramics, calligraphy, animation, illustration, film making, video editing',
  'guitar, piano, singing, music theory, songwriting, drumming, violin, harmony, mixing, mastering',
  'english, french, german, spanish, italian, japanese, arabic, portuguese, russian, chinese, latin, sign language',
  'accounting, bookkeeping, marketing, negotiation, leadership, project management, investing, taxation, sales, copywriting',
  'cooking, baking, gardening, carpentry, sewing, knitting, beekeeping, brewing, fermentation, bicycle repair',
  'yoga, running, climbing, swimming, nutrition, meditation, first aid, sleep, strength training, dance',
  'machine learning, data analysis, data visualization, spreadsheets, forecasting, robotics, electronics, embedded systems',
]
  .join(', ')
  .split(', ')

const titles = [
  'Introduction to %', '% for beginners', 'Advanced %', 'The complete % course', '% step by step', 'Practical %', '% in thirty days',
  'Mastering %', '% from scratch', 'Understanding %', 'The craft of %', '% at work', 'A short history of %', '% workshop', 'Teaching %',
] // prettier-ignore

const sentences = [
  'This course takes you from the first steps in % to projects that you can show to others.',
  'You will learn how people who practice % every day plan, begin and finish what they do.',
  'Each lesson is short, ends with an exercise, and comes with a solution that is explained line by line.',
  'No previous knowledge is needed; curiosity and an hour a week are enough.',
  'We look at common mistakes in %, where they come from, and how to avoid them.',
  'Bring your own material, or use the examples that we prepared for every chapter.',
  'In the second half we compare three schools of % and discuss what each is good for.',
  'A quiz after every module shows you what to repeat before you go on.',
  'The final project is yours to choose; the instructor comments on every submission.',
  'Downloadable notes, checklists and templates accompany the videos.',
  'After completing the course you receive a certificate that anyone can verify.',
  'Learners describe the pace as calm, the examples as useful and the community as friendly.',
  'You will also meet the history of %, its vocabulary, and the tools that professionals rely on.',
  'Special attention is given to accessibility, safety and working in a team.',
  'The chapter on planning helps you to organize time, budget and expectations.',
  'Case studies from small companies, museums, hospitals and schools show % in real life.',
  'Updated every year: new interviews, better recordings and additional exercises.',
  'Whether you study alone or in a group, the forum answers questions within a day.',
]

const syllables = 'ka ve lo mi ra tu so ne pi da zu fe go ri ba no'.split(' ')

/** Fills a database that has the migrations with so many courses, always the same. Some are drafts or archived; nothing is indexed yet. */
export async function writeCourses(url: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('CREATE SCHEMA bench')
    await client.query('SET search_path TO bench, public')
    // A number from 0 to 1 that depends on the course and on what it is for; powers of it make the first ones common.
    await client.query(`CREATE FUNCTION chance(n int, what int) RETURNS float8 LANGUAGE sql IMMUTABLE
      AS $$SELECT (hashtextextended(n || '/' || what, 0) & 1048575) / 1048576.0$$`)
    await client.query(`CREATE FUNCTION one(words text[], r float8) RETURNS text LANGUAGE sql IMMUTABLE
      AS 'SELECT words[1 + floor(r * cardinality(words))::int]'`)
    await client.query(`CREATE FUNCTION id_of(kind text, n int) RETURNS uuid LANGUAGE sql IMMUTABLE
      AS $$SELECT overlay(overlay(md5(kind || n) placing '7' from 13) placing '8' from 17)::uuid$$`)
    await client.query(
      `INSERT INTO category SELECT id_of('category', n), 'category-' || n, 'Category ' || n, now(), now() FROM generate_series(1, 40) n`,
    )
    await client.query(
      `INSERT INTO tag SELECT id_of('tag', n::int), subject || CASE WHEN n > $2 THEN ' ' || n ELSE '' END, now(), now()
       FROM unnest($1::text[] || $1::text[] || $1::text[]) WITH ORDINALITY AS subjects(subject, n)`,
      [subjects, subjects.length],
    )
    await client.query(
      `INSERT INTO course (id, slug, title, description, instructor_id, category_id, difficulty, price_amount, price_currency, status,
         published_version, published_at, duration_seconds, rating_sum, rating_count, rating, learner_count, created_at, updated_at)
       SELECT id_of('course', n), 'course-' || n, replace(one($2, chance(n, 1)), '%', subject), said || ' Inspired by ' || initcap(name) || '.',
         id_of('instructor', 1 + floor(chance(n, 7) * $5 / 10)::int),
         CASE WHEN chance(n, 8) < 0.98 THEN id_of('category', 1 + floor(40 * chance(n, 9) ^ 3)::int) END,
         (ARRAY['BEGINNER', 'BEGINNER', 'INTERMEDIATE', 'ADVANCED']::"Difficulty"[])[1 + floor(4 * chance(n, 10))::int],
         CASE WHEN chance(n, 11) < 0.3 THEN 0 ELSE 990 + 500 * floor(30 * chance(n, 12) ^ 2)::int END,
         (ARRAY['EUR', 'EUR', 'USD', 'GBP'])[1 + floor(4 * chance(n, 13))::int],
         status::"CourseStatus", CASE WHEN status = 'DRAFT' THEN 0 ELSE 1 END,
         CASE WHEN status <> 'DRAFT' THEN '2020-01-01'::timestamptz + make_interval(mins => (3e6 * chance(n, 15))::int) END,
         floor(40000 * chance(n, 16))::int, floor(count * (2.5 + 2.5 * chance(n, 19)))::int, count,
         round(100.0 * floor(count * (2.5 + 2.5 * chance(n, 19))) / nullif(count, 0)),
         floor(20000 * chance(n, 17) ^ 6)::int, '2020-01-01', '2020-01-01'
       FROM generate_series(1, $5::int) n,
         LATERAL (SELECT one($1, chance(n, 18) ^ 1.5) AS subject) AS about,
         LATERAL (
           SELECT string_agg(replace(one($3, chance(n, 100 + s)), '%', CASE WHEN s % 5 = 4 THEN one($1, chance(n, 200 + s)) ELSE subject END), ' ' ORDER BY s) AS said
           FROM generate_series(1, 6 + floor(14 * chance(n, 2))::int) s
         ) AS sentences,
         LATERAL (SELECT string_agg(one($4, chance(n / 10, s)), '') AS name FROM generate_series(1, 4) s) AS master,
         LATERAL (SELECT CASE WHEN chance(n, 14) < 0.9 THEN 'PUBLISHED' WHEN chance(n, 14) < 0.97 THEN 'DRAFT' ELSE 'ARCHIVED' END AS status) AS state,
         LATERAL (SELECT CASE WHEN chance(n, 20) < 0.25 THEN 0 ELSE 1 + floor(300 * chance(n, 21) ^ 3)::int END AS count) AS rated`,
      [subjects, titles, sentences, syllables, count],
    )
    await client.query(
      `INSERT INTO course_tag (course_id, tag_id)
       SELECT DISTINCT id_of('course', n), id_of('tag', 1 + floor($2 * 3 * chance(n, 300 + s) ^ 2)::int)
       FROM generate_series(1, $1::int) n, LATERAL generate_series(1, 1 + floor(6 * chance(n, 30))::int) s`,
      [count, subjects.length],
    )
  } finally {
    await client.end()
  }
}

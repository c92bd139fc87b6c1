import { countStatements, manualClock, viewerOf, type SentStatement } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lessonOf, newId, oldId, openSchool, reports, verdictsOf, type LessonShown, type Reported, type School } from '../testing/school.ts'

const clock = manualClock()
const report = reports(clock)
let school: School
beforeAll(async () => {
  school = await openSchool({ clock })
})
afterAll(() => school.stop())

async function startVideo(durationSeconds = 100) {
  const video = lessonOf({ kind: 'VIDEO', durationSeconds })
  const enrolled = await school.enroll(await school.publishCourse([video, lessonOf()]))
  return { enrolled, video: video.lessonId, article: enrolled.course.lessons[1]?.lessonId ?? '' }
}

test('watching nine tenths of a video completes it, whatever the order, and says so once', async () => {
  const { enrolled, video } = await startVideo()
  const watch = (start: number, end: number, seconds: number) =>
    report(video, 'PROGRESSED', seconds, { ranges: [{ start, end }], position: end, activeSeconds: 30 })
  const half = await school.record(enrolled, [watch(40, 89, 60), watch(0, 50, 30)])
  expect(half.data.recordProgress.courseProgress).toMatchObject({
    percent: 0,
    minutes: 1,
    resume: { lesson: { id: video }, position: 89 },
    lessons: [{ state: 'IN_PROGRESS', percent: 89, position: 89, watchedSeconds: 89, minutes: 1, completedAt: null }, {}],
  })
  const done = await school.record(enrolled, [watch(85, 90, 90), watch(90, 100, 120)])
  const tenth = new Date(clock.now().getTime() + 90_000).toISOString()
  expect(done.data.recordProgress.courseProgress).toMatchObject({
    percent: 50,
    completedLessons: 1,
    requiredLessons: 2,
    lessons: [{ state: 'COMPLETED', percent: 100, watchedSeconds: 100, minutes: 2, completedAt: tenth }, { state: 'NOT_STARTED' }],
  })
  await school.record(enrolled, [watch(0, 100, 150)])
  expect(await school.events(`${enrolled.id}:${video}`)).toMatchObject([{ type: 'lesson.completed', data: { completedAt: tenth } }])
  expect((await school.events(enrolled.id)).map(({ type, version }) => [type, version])).toEqual([
    ['progress.updated', 2],
    ['progress.updated', 3],
    ['progress.updated', 4],
  ])
})

test('an event sent again counts once: in the same call, in another, and in capitals', async () => {
  const { enrolled, article } = await startVideo()
  const event = report(article, 'PROGRESSED', 0, { activeSeconds: 60 })
  const capitals = { ...event, clientEventId: event.clientEventId.toUpperCase() }
  expect(verdictsOf(await school.record(enrolled, [event, event, capitals]))).toEqual(['ACCEPTED', 'DUPLICATE', 'DUPLICATE'])
  const { data } = await school.record(enrolled, [capitals])
  expect(data.recordProgress).toMatchObject({
    results: [{ clientEventId: capitals.clientEventId, status: 'DUPLICATE' }],
    courseProgress: { minutes: 1 },
  })
  expect(await school.events(enrolled.id)).toHaveLength(1)
})

test('of two events with one id the first stands for both', async () => {
  const { enrolled, article } = await startVideo()
  const wrong = report(article, 'OPENED', 0, { activeSeconds: -1 })
  const right = { ...wrong, activeSeconds: 1 }
  expect(verdictsOf(await school.record(enrolled, [wrong, right]))).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT'])
  expect(verdictsOf(await school.record(enrolled, [right, wrong]))).toEqual(['ACCEPTED', 'DUPLICATE'])
})

test('what lies in the future, before the enrollment, or makes no sense is rejected by itself, and can be sent again', async () => {
  const { enrolled, video } = await startVideo()
  const good = report(video, 'PROGRESSED', 300, { ranges: [{ start: 0, end: 10 }] })
  const range = (start: number, end: number) =>
    report(video, 'PROGRESSED', 0, {
      ranges: [
        { start: 0, end: 1 },
        { start, end },
      ],
    })
  const future = report(video, 'OPENED', 301)
  const events: Reported[] = [
    future,
    report(video, 'OPENED', -301),
    { ...report(video, 'OPENED'), occurredAt: '9999-12-31T23:59:59-01:00' },
    { ...report(video, 'OPENED'), occurredAt: '0001-01-01T00:00:00Z' },
    report(video, 'OPENED', 0, { activeSeconds: 121 }),
    report(video, 'OPENED', 0, { activeSeconds: -1 }),
    report(video, 'OPENED', 0, { position: -1 }),
    report(video, 'OPENED', 0, { position: 86_401 }),
    range(20, 10),
    range(10, 10),
    range(-1, 10),
    range(0, 2_147_483_647),
    report(newId(), 'OPENED'),
    good,
    report(video, 'OPENED', -300, { position: null, ranges: null, activeSeconds: null }),
  ]
  const answer = await school.record(enrolled, events)
  const { data } = answer
  const bad = Array.from({ length: 12 }, () => 'BAD_USER_INPUT')
  expect(verdictsOf(answer)).toEqual([...bad, 'NOT_FOUND', 'ACCEPTED', 'ACCEPTED'])
  expect(data.recordProgress.results[0].message).toMatch(/five minutes ahead/)
  expect(data.recordProgress.courseProgress.lessons[0]).toMatchObject({ watchedSeconds: 10, minutes: 0 })

  clock.advance(1)
  expect(verdictsOf(await school.record(enrolled, [future]))).toEqual(['ACCEPTED'])
})

test('ranges that overlap, touch or repeat count every second once', async () => {
  const { enrolled, video } = await startVideo(1_000)
  const ranges = [
    [0, 10],
    [5, 15],
    [15, 20],
    [0, 10],
    [900, 5_000],
    [86_399, 86_400],
  ].map(([start = 0, end = 0]) => ({ start, end }))
  const { data } = await school.record(enrolled, [report(video, 'PROGRESSED', 0, { ranges, position: 86_400 })])
  expect(data.recordProgress.courseProgress.lessons[0]).toMatchObject({ watchedSeconds: 120, position: 1_000, percent: 12 })
})

test('a lesson that is locked opens with what the same batch completes, in whatever order it stands there', async () => {
  const first = lessonOf()
  const second = lessonOf({ prerequisiteIds: [first.lessonId] })
  const third = lessonOf({ prerequisiteIds: [first.lessonId, second.lessonId] })
  const enrolled = await school.enroll(await school.publishCourse([first, second, third]))
  const [one, two, three] = [first, second, third].map(({ lessonId }, n) => report(lessonId, 'COMPLETED', n - 10))
  if (!one || !two || !three) throw new Error('three lessons')

  const early = await school.record(enrolled, [three, two])
  expect(verdictsOf(early)).toEqual(['LESSON_LOCKED', 'LESSON_LOCKED'])
  expect(early.data.recordProgress.courseProgress.lessons.map(({ locked }: LessonShown) => locked)).toEqual([false, true, true])
  expect(await school.events(enrolled.id)).toEqual([])

  const again = await school.record(enrolled, [three, two, one])
  expect(verdictsOf(again)).toEqual(['ACCEPTED', 'ACCEPTED', 'ACCEPTED'])
  expect(again.data.recordProgress.courseProgress).toMatchObject({ percent: 100, completedAt: three.occurredAt })
})

test('a quiz may be opened, and is completed by no device', async () => {
  const quiz = lessonOf({ kind: 'QUIZ' })
  const enrolled = await school.enroll(await school.publishCourse([quiz]))
  const answer = await school.record(enrolled, [report(quiz.lessonId, 'OPENED'), report(quiz.lessonId, 'COMPLETED')])
  expect(verdictsOf(answer)).toEqual(['ACCEPTED', 'QUIZ_NOT_PASSED'])
  expect(answer.data.recordProgress.courseProgress).toMatchObject({
    quizzesPassed: 0,
    quizzesTotal: 1,
    lessons: [{ state: 'IN_PROGRESS' }],
  })
})

test('five hundred events cost as many statements as one', async () => {
  const lessons = Array.from({ length: 100 }, () => lessonOf({ kind: 'VIDEO', durationSeconds: 1_000 }))
  const course = await school.publishCourse(lessons)
  const cost = async (count: number) => {
    const enrolled = await school.enroll(course)
    const events = Array.from({ length: count }, (_, n) =>
      report(lessons[n % 100]?.lessonId ?? '', 'COMPLETED', n / 10, { ranges: [{ start: n, end: n + 10 }], activeSeconds: 5 }),
    )
    const text = `mutation ($input: RecordProgressInput!) { recordProgress(input: $input) { results { status code } courseProgress { percent } } }`
    const { result, statements } = await countStatements(() =>
      school.ask(text, { input: { enrollmentId: enrolled.id, events } }, enrolled.learner),
    )
    expect(verdictsOf(result).every((verdict) => verdict === 'ACCEPTED')).toBe(true)
    return beginnings(statements)
  }
  const [one, many] = [await cost(1), await cost(500)]
  expect(many).toEqual(one)
  expect(one).toHaveLength(15)
})

test('when the batch cannot be published, nothing of it is stored, and the same batch goes through afterwards', async () => {
  const { enrolled, article } = await startVideo()
  const events = [report(article, 'COMPLETED', 0, { activeSeconds: 60 })]
  const stored = () =>
    school.sql(
      `SELECT (SELECT count(*)::int FROM lesson_progress WHERE enrollment_id = $1) AS lessons,
              (SELECT count(*)::int FROM client_event WHERE enrollment_id = $1) AS events,
              (SELECT count(*)::int FROM activity WHERE subject_id IN ($1, $2)) AS days,
              (SELECT version FROM course_progress WHERE enrollment_id = $1) AS version`,
      [enrolled.id, enrolled.learner.id],
    )
  await school.sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the outbox is full'; END $$`)
  await school.sql(`CREATE TRIGGER refuse BEFORE INSERT ON stellr.outbox FOR EACH STATEMENT EXECUTE FUNCTION refuse()`)
  expect((await school.record(enrolled, events)).codes).toEqual(['INTERNAL'])
  expect(await stored()).toEqual([{ lessons: 0, events: 0, days: 0, version: 1 }])
  await school.sql('DROP TRIGGER refuse ON stellr.outbox')
  expect(verdictsOf(await school.record(enrolled, events))).toEqual(['ACCEPTED'])
  expect(await stored()).toEqual([{ lessons: 1, events: 1, days: 2, version: 2 }])
})

test('nobody reports for another; a stranger’s enrollment and none look alike', async () => {
  const { enrolled, article } = await startVideo()
  const events = [report(article, 'OPENED')]
  const foreign = await school.record(enrolled, events, viewerOf('STUDENT'))
  expect(foreign.codes).toEqual(['NOT_FOUND'])
  const unknown = { ...enrolled, id: oldId() }
  expect((await school.record(unknown, events)).errors).toEqual(foreign.errors)
  expect((await school.record(enrolled, events, viewerOf('ADMIN'))).codes).toEqual(['NOT_FOUND'])
})

// Without what the relay and the consumers do meanwhile, and without the lists of parameters.
function beginnings(statements: SentStatement[]): string[] {
  return statements
    .filter(
      ({ database, text }) =>
        database === 'progress' &&
        (/INSERT INTO stellr\.feed /.test(text) ||
          !/BEGIN|COMMIT|ROLLBACK|relay|FROM stellr|stellr\.(take_in|parked|inbox)|UPDATE stellr/.test(text)),
    )
    .map(({ text }) => text.trim().slice(0, 60))
}

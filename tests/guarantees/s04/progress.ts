import { everyone, involved, involvedNull, ownerOnly, ownersOwn, everyoneNull, type Outcomes, type Visit } from './outcomes.ts'

const course =
  'percent completedLessons requiredLessons minutes quizzesPassed quizzesTotal resume lastActivityAt lessons createdAt updatedAt'
const lesson = 'lesson state percent position watchedSeconds minutes locked lastAccessedAt'
const event = 'clientEventId: $newId, kind: OPENED, occurredAt: $now'
const learners: Outcomes = ['UNAUTHENTICATED', 'NOT_ENROLLED', 'NOT_ENROLLED', 'value', 'NOT_ENROLLED']
const noLearners: Outcomes = ['UNAUTHENTICATED', 'NOT_ENROLLED', 'NOT_ENROLLED', 'NOT_ENROLLED', 'NOT_ENROLLED']
const suspended: Outcomes = ['UNAUTHENTICATED', 'NOT_FOUND', 'NOT_FOUND', 'NOT_ENROLLED', 'NOT_FOUND']
const nobodys: Outcomes = ['UNAUTHENTICATED', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']
const ownersNull: Outcomes = ['UNAUTHENTICATED', 'NOT_FOUND', 'NOT_FOUND', 'null', 'NOT_FOUND']

/** How far learners are. */
export const progress: readonly Visit[] = [
  ...[undefined, 'author' as const].map((as): Visit => ({
    ...(as && { as }),
    ask: 'subscription { progressUpdated(enrollmentId: $enrollment) { * } }',
    root: involved,
    rows: [
      ['cursor at courseProgress enrollment', involved],
      // The present state moved no lesson.
      ['lessonProgress', involvedNull],
    ],
  })),
  {
    ask: 'subscription { progressUpdated(enrollmentId: $enrollment) { courseProgress { * } } }',
    root: involved,
    rows: [
      [course, involved],
      ['completedAt', involvedNull],
    ],
  },
  {
    ask: 'subscription { progressUpdated(enrollmentId: $enrollment) { enrollment { * } } }',
    root: involved,
    rows: [['id status', involved]],
  },
  {
    ask: 'query { courseProgress(enrollmentId: $enrollment) { * } }',
    root: involved,
    rows: [
      [course, involved],
      ['completedAt', involvedNull],
    ],
  },
  {
    as: 'author',
    ask: 'query { courseProgress(enrollmentId: $enrollment) { * } }',
    root: involved,
    rows: [
      [course, involved],
      ['completedAt', involvedNull],
    ],
  },
  { ask: 'query { courseProgress(enrollmentId: $finished) { * } }', root: involved, rows: [['percent completedAt', involved]] },
  { ask: 'query { enrollment(id: $enrollment) { progress { * } } }', root: involved, rows: [[course, involved]] },
  { ask: 'query { courseProgress(enrollmentId: $enrollment) { resume { * } } }', root: involved, rows: [['lesson position', involved]] },
  {
    ask: 'query { courseProgress(enrollmentId: $enrollment) { resume { lesson { * } } } }',
    root: involved,
    rows: [['id title', involved]],
  },
  {
    // The first lesson, which is complete.
    ask: 'query { courseProgress(enrollmentId: $enrollment) { lessons { * } } }',
    root: involved,
    rows: [[`${lesson} completedAt`, involved]],
  },
  {
    as: 'author',
    ask: 'query { courseProgress(enrollmentId: $enrollment) { lessons { lesson { * } } } }',
    root: involved,
    rows: [['id title body', involved]],
  },
  {
    // Half watched.
    ask: 'query { lesson(id: $video) { viewerProgress { * } } }',
    root: everyone,
    rows: [
      [lesson, ownersOwn],
      ['completedAt', everyoneNull],
    ],
  },
  { ask: 'query { lesson(id: $preview) { viewerProgress { * } } }', root: everyone, rows: [[`${lesson} completedAt`, ownersOwn]] },
  {
    learning: true,
    ask: 'mutation { markLessonComplete(input: { lessonId: $lesson }) { * } }',
    root: learners,
    rows: [['lessonProgress courseProgress', learners]],
  },
  {
    as: 'author',
    ask: 'mutation { markLessonComplete(input: { lessonId: $lesson }) { * } }',
    root: noLearners,
    rows: [['courseProgress', noLearners]],
  },
  {
    ask: 'mutation { markLessonComplete(input: { lessonId: $suspendedLesson }) { * } }',
    root: noLearners,
    rows: [['courseProgress', noLearners]],
  },
  {
    ask: `mutation { recordProgress(input: { enrollmentId: $enrollment, events: [{ lessonId: $lesson, ${event} }] }) { * } }`,
    root: ownerOnly,
    rows: [['results courseProgress', ownerOnly]],
  },
  {
    as: 'author',
    ask: `mutation { recordProgress(input: { enrollmentId: $enrollment, events: [{ lessonId: $lesson, ${event} }] }) { * } }`,
    root: nobodys,
    rows: [['results', nobodys]],
  },
  {
    ask: `mutation { recordProgress(input: { enrollmentId: $suspended, events: [{ lessonId: $suspendedLesson, ${event} }] }) { * } }`,
    root: suspended,
    rows: [['results', suspended]],
  },
  {
    ask: `mutation { recordProgress(input: { enrollmentId: $enrollment, events: [{ lessonId: $lesson, ${event} }] }) { results { * } } }`,
    root: ownerOnly,
    rows: [
      ['clientEventId status', ownerOnly],
      ['code message', ownersNull],
    ],
  },
  {
    // A lesson that no version of the course has.
    ask: `mutation { recordProgress(input: { enrollmentId: $enrollment, events: [{ lessonId: $draftLesson, ${event} }] }) { results { * } } }`,
    root: ownerOnly,
    rows: [['clientEventId status code message', ownerOnly]],
  },
]

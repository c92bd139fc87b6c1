import {
  adminOnly,
  everyone,
  found,
  foundOwn,
  involved,
  involvedNull,
  ownerOnly,
  ownersOwn,
  signedIn,
  type Outcomes,
  type Visit,
} from './outcomes.ts'

const enrollment = `id user course status attempt enrolledAt expiresAt price version outline hasNewContent transitions progress createdAt updatedAt`
/** Nobody has it but the learner: not even an administrator leaves, or goes over, in their place. */
const nobodys: Outcomes = ['UNAUTHENTICATED', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']
/** The author's list of who learns. */
const learners: Outcomes = ['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'value', 'value']
const ownList: Outcomes = ['UNAUTHENTICATED', 'null', 'null', 'value', 'null']

/** With the learner's cursor, which fits the stream of nobody else. */
const ownStream: Outcomes = ['UNAUTHENTICATED', 'BAD_USER_INPUT', 'BAD_USER_INPUT', 'value', 'BAD_USER_INPUT']
/** The author's stream of what learners do. */
const activity: Outcomes = ['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'value', 'value']
const nobodysActivity: Outcomes = ['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'value']

/** Who learns what. */
export const enrollments: readonly Visit[] = [
  {
    ask: 'subscription { enrollmentUpdated(after: $ownersCursor) { * } }',
    root: ownStream,
    rows: [['cursor at enrollment transition', ownStream]],
  },
  {
    ask: 'subscription { enrollmentUpdated(after: $ownersCursor) { enrollment { * } } }',
    root: ownStream,
    // In a course without an end.
    rows: [[enrollment.replace(' expiresAt', ''), ownStream]],
  },
  {
    as: 'author',
    ask: 'subscription { courseActivity(courseId: $course, after: $courseCursor) { * } }',
    root: activity,
    rows: [['cursor at kind enrollment lesson', activity]],
  },
  {
    as: 'author',
    ask: 'subscription { courseActivity(courseId: $course, after: $courseCursor) { enrollment { * } } }',
    root: activity,
    rows: [[enrollment, activity]],
  },
  {
    as: 'author',
    ask: 'subscription { courseActivity(courseId: $course, after: $courseCursor) { lesson { * } } }',
    root: activity,
    rows: [['id title', activity]],
  },
  {
    ask: 'subscription { courseActivity(courseId: $course, after: $courseCursor) { * } }',
    root: nobodysActivity,
    rows: [['cursor at kind enrollment lesson', nobodysActivity]],
  },
  { ask: 'query { enrollmentUpdatedCursor }', root: signedIn, rows: [] },
  { as: 'author', ask: 'query { courseActivityCursor(courseId: $course) }', root: activity, rows: [] },
  { ask: 'query { courseActivityCursor(courseId: $course) }', root: nobodysActivity, rows: [] },
  { ask: 'query { enrollment(id: $enrollment) { * } }', root: involved, rows: [[enrollment, involved]] },
  { as: 'author', ask: 'query { enrollment(id: $enrollment) { * } }', root: involved, rows: [[enrollment, involved]] },
  { ask: 'query { enrollment(id: $unpaidEnrollment) { * } }', root: involved, rows: [['payBy', involved]] },
  { as: 'author', ask: 'query { enrollment(id: $unpaidEnrollment) { * } }', root: involved, rows: [['payBy', involved]] },
  { ask: 'query { enrollment(id: $enrollment) { price { * } } }', root: involved, rows: [['amount currency', involved]] },
  { ask: 'query { enrollment(id: $enrollment) { course { * } } }', root: involved, rows: [['id title', involved]] },
  { ask: 'query { enrollment(id: $finished) { course { * } } }', root: involved, rows: [['id title', involved]] },
  { as: 'author', ask: 'query { enrollment(id: $enrollment) { user { * } } }', root: involved, rows: [['id name', involved]] },
  {
    ask: 'query { enrollment(id: $enrollment) { outline { * } } }',
    root: involved,
    rows: [['courseId number title publishedAt modules', involved]],
  },
  {
    as: 'author',
    ask: 'query { enrollment(id: $enrollment) { outline { * } } }',
    root: involved,
    rows: [['courseId number title publishedAt modules', involved]],
  },
  {
    ask: 'query { enrollment(id: $enrollment) { outline { modules { * } } } }',
    root: involved,
    rows: [['moduleId title lessons', involved]],
  },
  {
    ask: 'query { enrollment(id: $enrollment) { outline { modules { lessons { * } } } } }',
    root: involved,
    rows: [['lessonId title kind durationSeconds required lesson', involved]],
  },
  {
    ask: 'query { enrollment(id: $enrollment) { transitions { * } } }',
    root: involved,
    rows: [
      ['id to reason actor at', involved],
      // The first comes from nowhere, and no event or payment made it happen.
      ['from eventId payment', involvedNull],
    ],
  },
  { ask: 'query { user(id: $owner) { enrollments { edges { * } } } }', root: found, rows: [['cursor node', foundOwn]] },
  { ask: 'query { user(id: $owner) { enrollments { edges { node { * } } } } }', root: found, rows: [['id status', foundOwn]] },
  {
    as: 'author',
    ask: 'query { course(id: $course) { enrollments { edges { * } } } }',
    root: everyone,
    rows: [['cursor node', learners]],
  },
  {
    as: 'author',
    ask: 'query { course(id: $course) { enrollments { edges { node { * } } } } }',
    root: everyone,
    rows: [[enrollment, learners]],
  },
  { ask: 'query { course(id: $course) { viewerEnrollment { * } } }', root: everyone, rows: [[enrollment, ownersOwn]] },
  {
    ask: 'query { dashboard { * } }',
    root: signedIn,
    rows: [['id user activeCourses completedCourses activeEnrollments learningMinutes learningMinutesThisWeek streakDays', signedIn]],
  },
  { ask: 'query { dashboard { activeEnrollments { * } } }', root: signedIn, rows: [[enrollment, ownList]] },

  { ask: 'mutation { enroll(input: { courseId: $course }) { * } }', root: signedIn, rows: [['enrollment alreadyEnrolled', signedIn]] },
  ...['dropEnrollment', 'adoptLatestVersion'].flatMap((mutation): Visit[] => {
    const ask = `mutation { ${mutation}(input: { enrollmentId: $enrollment }) { * } }`
    return [
      { ask, root: ownerOnly, rows: [['enrollment', ownerOnly]] },
      { as: 'author', ask, root: nobodys, rows: [['enrollment', nobodys]] },
    ]
  }),
  {
    ask: 'mutation { suspendEnrollment(input: { enrollmentId: $enrollment, reason: "Why." }) { * } }',
    root: adminOnly,
    rows: [['enrollment', adminOnly]],
  },
  {
    as: 'author',
    ask: 'mutation { suspendEnrollment(input: { enrollmentId: $enrollment, reason: "Why." }) { * } }',
    root: adminOnly,
    rows: [['enrollment', adminOnly]],
  },
  {
    ask: 'mutation { resumeEnrollment(input: { enrollmentId: $suspended }) { * } }',
    root: adminOnly,
    rows: [['enrollment', adminOnly]],
  },
  {
    ask: 'mutation { enrollUser(input: { userId: $owner, courseId: $course }) { * } }',
    root: adminOnly,
    rows: [['enrollment alreadyEnrolled', adminOnly]],
  },
]

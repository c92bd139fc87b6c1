import {
  adminsBusiness,
  everyone,
  everyoneNull,
  found,
  foundOwn,
  hidden,
  hiddenNull,
  hiddenOwn,
  ownersOwn,
  type Outcomes,
  type Visit,
} from './outcomes.ts'

/** What is written in a lesson. */
const body: Outcomes = ['NOT_ENROLLED', 'NOT_ENROLLED', 'NOT_ENROLLED', 'value', 'value']
const suspendedBody: Outcomes = ['NOT_ENROLLED', 'NOT_ENROLLED', 'NOT_ENROLLED', 'NOT_ENROLLED', 'value']
/** Who learns in a course, as its author. */
const learners: Outcomes = ['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'value', 'value']
const learnersOfArchived: Outcomes = ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'FORBIDDEN', 'value']
/** The name of a learner, whom only the signed-in find. */
const learnersName: Outcomes = ['null', 'value', 'value', 'value', 'value']
/** What only its author and administrators see of a list. */
const listedForAuthor: Outcomes = ['null', 'null', 'value', 'null', 'value']

const written = 'id slug title description instructor tags difficulty price durationSeconds ratingCount status version modules reviews'
const times = 'createdAt updatedAt'
const shown = `${written} ${times} category accessDays coverImageUrl rating publishedAt enrollmentCount`
const lesson = 'id title kind durationSeconds position required freePreview prerequisites module course'
const module = 'id title position lessons course'
const pageInfo = 'hasNextPage hasPreviousPage startCursor endCursor'

/** Courses as they are read. */
export const courses: readonly Visit[] = [
  // The catalogue.
  {
    ask: 'query { courses(search: "orangrey") { * } }',
    root: everyone,
    rows: [['edges pageInfo facets correctedSearch', everyone]],
  },
  { ask: 'query { courses(search: "orangery") { pageInfo { * } } }', root: everyone, rows: [[pageInfo, everyone]] },
  { ask: 'query { courses(search: "orangery") { edges { * } } }', root: everyone, rows: [['cursor node', everyone]] },
  {
    ask: 'query { courses(search: "orangery") { edges { node { * } } } }',
    root: everyone,
    rows: [
      [shown, everyone],
      ['viewerReview viewerEnrollment', ownersOwn],
      ['enrollments', adminsBusiness],
    ],
  },
  {
    ask: 'query { courses(search: "orangery") { facets { * } } }',
    root: everyone,
    rows: [['total capped categories tags difficulties free paid', everyone]],
  },
  { ask: 'query { courses(search: "orangery") { facets { categories { * } } } }', root: everyone, rows: [['category count', everyone]] },
  { ask: 'query { courses(search: "orangery") { facets { tags { * } } } }', root: everyone, rows: [['tag count', everyone]] },
  {
    ask: 'query { courses(search: "orangery") { facets { difficulties { * } } } }',
    root: everyone,
    rows: [['difficulty count', everyone]],
  },
  { ask: 'query { categories { * } }', root: everyone, rows: [[`id slug name ${times}`, everyone]] },
  { ask: 'query { tags { * } }', root: everyone, rows: [[`id name ${times}`, everyone]] },

  // One course, and what stands in it.
  {
    ask: 'query { course(id: $course) { * } }',
    root: everyone,
    rows: [
      [shown, everyone],
      ['viewerReview viewerEnrollment', ownersOwn],
      ['enrollments', adminsBusiness],
    ],
  },
  { ask: 'query { course(slug: $slug) { * } }', root: everyone, rows: [['id', everyone]] },
  { ask: 'query { course(id: $course) { price { * } } }', root: everyone, rows: [['amount currency', everyone]] },
  { ask: 'query { course(id: $course) { category { * } } }', root: everyone, rows: [[`id slug name ${times}`, everyone]] },
  { ask: 'query { course(id: $course) { tags { * } } }', root: everyone, rows: [[`id name ${times}`, everyone]] },
  { ask: 'query { course(id: $course) { instructor { * } } }', root: everyone, rows: [['id name', everyone]] },
  {
    ask: 'query { course(id: $course) { modules { * } } }',
    root: everyone,
    rows: [
      [module, everyone],
      ['viewerProgress', ownersOwn],
    ],
  },
  {
    ask: 'query { course(id: $course) { modules { viewerProgress { * } } } }',
    root: everyone,
    rows: [['percent completedLessons requiredLessons', ownersOwn]],
  },
  { ask: 'query { course(id: $course) { reviews { * } } }', root: everyone, rows: [['edges pageInfo', everyone]] },
  { ask: 'query { course(id: $course) { reviews { edges { * } } } }', root: everyone, rows: [['cursor node', everyone]] },
  {
    ask: 'query { course(id: $course) { reviews { edges { node { * } } } } }',
    root: everyone,
    rows: [[`id stars comment author ${times}`, everyone]],
  },
  {
    ask: 'query { course(id: $course) { reviews { edges { node { author { * } } } } } }',
    root: everyone,
    rows: [
      ['id', everyone],
      ['name', learnersName],
    ],
  },
  {
    ask: 'query { course(id: $course) { viewerReview { * } } }',
    root: everyone,
    rows: [[`id stars comment author ${times}`, ownersOwn]],
  },
  {
    as: 'author',
    ask: 'query { course(id: $course) { * } }',
    root: everyone,
    rows: [
      [shown, everyone],
      ['viewerReview viewerEnrollment', everyoneNull],
      ['enrollments', learners],
    ],
  },
  { as: 'author', ask: 'query { course(id: $course) { enrollments { * } } }', root: everyone, rows: [['edges pageInfo', learners]] },

  // Courses that not everybody sees.
  {
    as: 'author',
    ask: 'query { course(id: $draft) { * } }',
    root: hidden,
    rows: [
      [`${written} ${times} enrollmentCount`, hidden],
      ['category accessDays coverImageUrl rating publishedAt viewerReview viewerEnrollment enrollments', hiddenNull],
    ],
  },
  {
    ask: 'query { course(id: $draft) { * } }',
    root: ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'value'],
    rows: [['id title modules', ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'value']]],
  },
  {
    as: 'author',
    ask: 'query { lesson(id: $draftLesson) { * } }',
    root: hidden,
    rows: [
      [`${lesson} ${times} body`, hidden],
      ['viewerProgress', hiddenNull],
    ],
  },
  {
    ask: 'query { course(id: $archived) { * } }',
    root: hidden,
    rows: [
      [`${written} ${times} publishedAt enrollmentCount`, hidden],
      ['viewerEnrollment', hiddenOwn],
      ['enrollments', learnersOfArchived],
    ],
  },
  {
    as: 'author',
    ask: 'query { course(id: $archived) { * } }',
    root: hidden,
    rows: [
      [`${written} ${times} publishedAt enrollmentCount enrollments`, hidden],
      ['viewerEnrollment', hiddenNull],
    ],
  },
  {
    ask: 'query { lesson(id: $archivedLesson) { * } }',
    root: hidden,
    rows: [
      [`${lesson} ${times} body`, hidden],
      ['viewerProgress', hiddenOwn],
    ],
  },

  // Lessons.
  {
    ask: 'query { lesson(id: $lesson) { * } }',
    root: everyone,
    rows: [
      [`${lesson} ${times}`, everyone],
      ['body', body],
      ['viewerProgress', ownersOwn],
    ],
  },
  {
    as: 'author',
    ask: 'query { lesson(id: $lesson) { * } }',
    root: everyone,
    rows: [
      [`${lesson} ${times}`, everyone],
      ['body', body],
      ['viewerProgress', everyoneNull],
    ],
  },
  { ask: 'query { lesson(id: $preview) { * } }', root: everyone, rows: [[`${lesson} ${times} body`, everyone]] },
  { ask: 'query { lesson(id: $lesson) { module { * } } }', root: everyone, rows: [[module, everyone]] },
  {
    ask: 'query { lesson(id: $lesson) { prerequisites { * } } }',
    root: everyone,
    rows: [
      ['id title', everyone],
      ['body', body],
    ],
  },
  {
    ask: 'query { lesson(id: $removed) { * } }',
    root: hidden,
    rows: [
      [`${lesson} ${times} body`, hidden],
      ['viewerProgress', hiddenOwn],
    ],
  },
  { as: 'author', ask: 'query { lesson(id: $removed) { * } }', root: hidden, rows: [['id title body', hidden]] },

  {
    // The owner learns it, but has no access for a while.
    ask: 'query { lesson(id: $suspendedLesson) { * } }',
    root: everyone,
    rows: [
      ['id title', everyone],
      ['body', suspendedBody],
    ],
  },

  // What somebody teaches.
  { ask: 'query { user(id: $teacher) { taughtCourses { * } } }', root: everyone, rows: [['edges pageInfo', everyone]] },
  { ask: 'query { user(id: $teacher) { taughtCourses { edges { * } } } }', root: everyone, rows: [['cursor node', everyone]] },
  { ask: 'query { user(id: $teacher) { taughtCourses { edges { node { * } } } } }', root: everyone, rows: [['id title status', everyone]] },
  {
    // The other instructor has written nothing but a draft.
    ask: 'query { user(id: $otherInstructor) { taughtCourses { edges { node { * } } } } }',
    root: everyone,
    rows: [['id title status', listedForAuthor]],
  },
  { ask: 'query { user(id: $owner) { taughtCourses { * } } }', root: found, rows: [['edges pageInfo', found]] },
  { ask: 'query { user(id: $owner) { enrollments { * } } }', root: found, rows: [['edges pageInfo', foundOwn]] },
]

import { adminOnly, type Outcomes, type Visit } from './outcomes.ts'

/** A course of the author's. Whoever may write, but not this one, is not told that it is there. */
const authors: Outcomes = ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'value', 'value']
/** A course of one's own that is yet to be. */
const instructors: Outcomes = ['UNAUTHENTICATED', 'FORBIDDEN', 'value', 'FORBIDDEN', 'value']
const learners: Outcomes = ['UNAUTHENTICATED', 'NOT_ENROLLED', 'NOT_ENROLLED', 'value', 'NOT_ENROLLED']

/** Courses as they are written, filed and rated. */
export const authoring: readonly Visit[] = [
  {
    ask: 'mutation { createCourse(input: { title: "New", description: "Words." }) { * } }',
    root: instructors,
    rows: [['course', instructors]],
  },
  ofAuthor('updateCourse(input: { courseId: $course, title: "Renamed" })', 'course'),
  ofAuthor('publishCourse(input: { courseId: $draft })', 'course'),
  ofAuthor('archiveCourse(input: { courseId: $course })', 'course'),
  ofAuthor('restoreCourse(input: { courseId: $archived })', 'course'),
  ofAuthor('deleteCourse(input: { courseId: $draft })', 'deletedId'),
  ofAuthor('setCourseTags(input: { courseId: $course, tagIds: [$tag] })', 'course'),
  ofAuthor('addModule(input: { courseId: $course, title: "Another" })', 'module'),
  ofAuthor('updateModule(input: { moduleId: $module, title: "Renamed" })', 'module'),
  ofAuthor('archiveModule(input: { moduleId: $module })', 'course'),
  ofAuthor('reorderModules(input: { courseId: $course, moduleIds: [$module] })', 'course'),
  ofAuthor('addLesson(input: { moduleId: $module, title: "Another", kind: ARTICLE })', 'lesson'),
  ofAuthor('updateLesson(input: { lessonId: $lesson, title: "Renamed" })', 'lesson'),
  ofAuthor('archiveLesson(input: { lessonId: $lesson })', 'module'),
  ofAuthor('reorderLessons(input: { moduleId: $module, lessonIds: [$lesson] })', 'module'),
  {
    learning: true,
    ask: 'mutation { rateCourse(input: { courseId: $course, stars: 5 }) { * } }',
    root: learners,
    rows: [['course review', learners]],
  },
  ofAdmin('createCategory(input: { name: $newName })', 'category'),
  ofAdmin('updateCategory(input: { categoryId: $category, name: $newName })', 'category'),
  ofAdmin('deleteCategory(input: { categoryId: $category })', 'deletedId'),
  ofAdmin('createTag(input: { name: $newName })', 'tag'),
  ofAdmin('updateTag(input: { tagId: $tag, name: $newName })', 'tag'),
  ofAdmin('deleteTag(input: { tagId: $tag })', 'deletedId'),
]

function ofAuthor(mutation: string, payload: string): Visit {
  return { as: 'author', ask: `mutation { ${mutation} { * } }`, root: authors, rows: [[payload, authors]] }
}

function ofAdmin(mutation: string, payload: string): Visit {
  return { ask: `mutation { ${mutation} { * } }`, root: adminOnly, rows: [[payload, adminOnly]] }
}

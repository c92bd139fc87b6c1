import type { UserViewer } from '@stellr/kit'
import type { CategoryContent, CourseContent } from './content/types.ts'
import { inParallel } from './in-parallel.ts'
import type { Stage } from './stage.ts'

const CREATE_CATEGORY = 'mutation ($input: CreateCategoryInput!) { createCategory(input: $input) { category { id } } }'
const CREATE_TAG = 'mutation ($input: CreateTagInput!) { createTag(input: $input) { tag { id } } }'
const CREATE_COURSE = 'mutation ($input: CreateCourseInput!) { createCourse(input: $input) { course { id } } }'
const SET_TAGS = 'mutation ($input: SetCourseTagsInput!) { setCourseTags(input: $input) { course { id } } }'
const ADD_MODULE = 'mutation ($input: AddModuleInput!) { addModule(input: $input) { module { id } } }'
const ADD_LESSON = 'mutation ($input: AddLessonInput!) { addLesson(input: $input) { lesson { id } } }'
const PUBLISH = 'mutation ($input: PublishCourseInput!) { publishCourse(input: $input) { course { id } } }'
const ARCHIVE = 'mutation ($input: ArchiveCourseInput!) { archiveCourse(input: $input) { course { id } } }'

/** A course that stands in the catalogue, or did. */
export interface BuiltCourse {
  id: string
  content: CourseContent
  publishedAt: Date
  /** In the order in which to learn. */
  lessons: readonly BuiltLesson[]
}

export interface BuiltLesson {
  id: string
  kind: CourseContent['modules'][number]['lessons'][number]['kind']
  durationSeconds: number
  required: boolean
}

export interface Shelves {
  /** Ids by slug. */
  categories: ReadonlyMap<string, string>
  /** Ids by name. */
  tags: ReadonlyMap<string, string>
}

export async function putUpShelves(
  stage: Stage,
  admin: UserViewer,
  categories: readonly CategoryContent[],
  tags: readonly string[],
  at: Date,
): Promise<Shelves> {
  const byName = await inParallel(tags, async (name) => {
    const { tag } = await stage.play('courses', CREATE_TAG, { name }, admin, at)
    return [name, tag.id] as const
  })
  const bySlug = await inParallel(categories, async ({ slug, name }) => {
    const { category } = await stage.play('courses', CREATE_CATEGORY, { slug, name }, admin, at)
    return [slug, category.id] as const
  })
  return { categories: new Map(bySlug), tags: new Map(byName) }
}

/** Writes a course and brings it to where it stands; an ARCHIVED one stays open until `closeCourse`. */
export async function writeCourse(
  stage: Stage,
  author: UserViewer,
  content: CourseContent,
  shelves: Shelves,
  publishedAt: Date,
): Promise<BuiltCourse> {
  const { slug, title, description, difficulty, price, accessDays, category, tags, modules, status } = content
  const play = (text: string, input: Record<string, unknown>) => stage.play('courses', text, input, author, publishedAt)
  const { course } = await play(CREATE_COURSE, {
    slug,
    title,
    description,
    difficulty,
    price,
    accessDays,
    categoryId: shelves.categories.get(category),
  })
  await play(SET_TAGS, { courseId: course.id, tagIds: tags.map((name) => shelves.tags.get(name)) })
  const ids = new Map<string, string>()
  const lessons: BuiltLesson[] = []
  for (const chapter of modules) {
    const { module } = await play(ADD_MODULE, { courseId: course.id, title: chapter.title })
    for (const { key, prerequisites = [], required = true, ...lesson } of chapter.lessons) {
      const prerequisiteIds = prerequisites.map((other) => ids.get(other))
      const added = await play(ADD_LESSON, { ...lesson, moduleId: module.id, required, prerequisiteIds })
      ids.set(key, added.lesson.id)
      lessons.push({ id: added.lesson.id, kind: lesson.kind, durationSeconds: lesson.durationSeconds, required })
    }
  }
  if (status !== 'DRAFT') await play(PUBLISH, { courseId: course.id })
  return { id: course.id, content, publishedAt, lessons }
}

export async function closeCourse(stage: Stage, author: UserViewer, { id }: BuiltCourse, at: Date): Promise<void> {
  await stage.play('courses', ARCHIVE, { courseId: id }, author, at)
}

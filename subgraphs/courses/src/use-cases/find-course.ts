import { DomainError } from '@stellr/kit'
import type { Context } from '../context.ts'
import { pastOf } from '../enrolled.ts'
import { id as anId, slug as aSlug } from '../inputs.ts'
import type { CourseRow } from '../models.ts'
import { maySeeCourse } from '../policy.ts'

/** Throws NOT_FOUND for a course that is not there and for one that the viewer may not see, alike. */
export async function findCourse(context: Context, id: string): Promise<CourseRow> {
  return orNotFound(await visibleCourse(context, id))
}

/** One course, by exactly one of both. */
export async function findCourseBy(
  context: Context,
  { id, slug }: { readonly id?: string | null | undefined; readonly slug?: string | null | undefined },
): Promise<CourseRow> {
  if (id != null && slug == null) return findCourse(context, id)
  if (id != null || slug == null) {
    const message = 'give either an id or a slug'
    throw new DomainError(
      'BAD_USER_INPUT',
      ['id', 'slug'].map((path) => ({ path, rule: 'one', message })),
    )
  }
  const course = aSlug.safeParse(slug).success ? await context.store.courseBySlug(slug) : null
  return orNotFound(course && (await ifVisible(context, course)))
}

/** The course with this id; null where there is none that the viewer may see. */
export async function visibleCourse(context: Context, id: string): Promise<CourseRow | null> {
  const courseId = anId.safeParse(id)
  const course = courseId.success ? await context.store.course(courseId.data) : null
  return course && ifVisible(context, course)
}

async function ifVisible(context: Context, course: CourseRow): Promise<CourseRow | null> {
  // Only of an archived course does it matter who has learned it.
  const enrolled = course.status === 'ARCHIVED' && (await pastOf(context, course.id)).length > 0
  return maySeeCourse(context.viewer, course, enrolled) ? course : null
}

function orNotFound(course: CourseRow | null): CourseRow {
  if (!course) throw new DomainError('NOT_FOUND')
  return course
}

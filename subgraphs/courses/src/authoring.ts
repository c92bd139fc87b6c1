import { DomainError, isUser, requireUser } from '@stellr/kit'
import { recordDeed } from '@stellr/schema/events/audit'
import { CourseUpdated } from '@stellr/schema/events/courses'
import type { Context, Tx } from './context.ts'
import type { CourseRow, LessonRow, ModuleRow } from './models.ts'
import { isStaff } from './policy.ts'

/** A change of a course by its staff. The course is as it was locked, and nobody else changes it or its outline meanwhile. */
export interface Edit {
  tx: Tx
  course: CourseRow
  now: Date
}

/**
 * Lets the staff of a course change it, one after another. Throws NOT_FOUND for a course that is not there and for somebody
 * else's alike. What an administrator does to another's course is kept for the audit log.
 */
export async function author<T>(
  context: Context,
  action: string,
  courseId: string,
  edit: (edit: Edit) => Promise<T>,
  /** Takes what must be locked before the course. */
  lockFirst: (tx: Tx) => Promise<unknown> = async () => {},
): Promise<T> {
  await spendChange(context)
  return context.store.transaction(async (tx) => {
    await lockFirst(tx)
    return editCourse(context, tx, action, courseId, edit)
  })
}

/** The same for a module that is not archived. */
export async function authorModule<T>(
  context: Context,
  action: string,
  moduleId: string,
  edit: (edit: Edit & { module: ModuleRow }) => Promise<T>,
): Promise<T> {
  await spendChange(context)
  return context.store.transaction(async (tx) => {
    const { courseId } = found(await tx.module(moduleId))
    return editCourse(context, tx, action, courseId, async (course) => edit({ ...course, module: live(await tx.module(moduleId)) }))
  })
}

/** The same for a lesson that is not archived. */
export async function authorLesson<T>(
  context: Context,
  action: string,
  lessonId: string,
  edit: (edit: Edit & { lesson: LessonRow }) => Promise<T>,
): Promise<T> {
  await spendChange(context)
  return context.store.transaction(async (tx) => {
    const { courseId } = found(await tx.lesson(lessonId))
    return editCourse(context, tx, action, courseId, async (course) => edit({ ...course, lesson: live(await tx.lesson(lessonId)) }))
  })
}

/** Every mutation counts against the caller's limit. */
export async function spendChange({ services, viewer }: Context): Promise<string> {
  const { id } = requireUser(viewer)
  await services.limits.spend('changes', id)
  return id
}

/** Saves what is in the catalogue's sight: raises the version, tells the others once it was ever published, and is found by it. */
export async function saveCourse(
  { tx, course, now }: Edit,
  changes: Parameters<Tx['changeCourse']>[1],
  event: typeof CourseUpdated = CourseUpdated,
): Promise<CourseRow> {
  const changed = await tx.changeCourse(course.id, changes, now)
  await announce(tx, changed, event)
  await tx.indexCourse(course.id)
  return changed
}

async function editCourse<T>(context: Context, tx: Tx, action: string, courseId: string, edit: (edit: Edit) => Promise<T>): Promise<T> {
  const course = await tx.lockCourse(courseId)
  if (!course || !isStaff(context.viewer, course)) throw new DomainError('NOT_FOUND')
  const result = await edit({ tx, course, now: context.clock.now() })
  if (!isUser(context.viewer, course.instructorId)) {
    const after = await tx.course(courseId)
    await recordDeed(tx, context, {
      action,
      subjectType: 'Course',
      subjectId: courseId,
      before: factsOf(course),
      after: after && factsOf(after),
    })
  }
  return result
}

async function announce(tx: Tx, course: CourseRow, event: typeof CourseUpdated): Promise<void> {
  const { status, publishedAt } = course
  if (status === 'DRAFT' || publishedAt === null) return
  await tx.outbox.add(event, course, {
    courseId: course.id,
    slug: course.slug,
    title: course.title,
    instructorId: course.instructorId,
    status,
    price: { amount: course.priceAmount, currency: course.priceCurrency },
    accessDays: course.accessDays,
    version: course.publishedVersion,
    publishedAt: publishedAt.toISOString(),
  })
}

function factsOf({ slug, status, publishedVersion, priceAmount, priceCurrency, accessDays }: CourseRow) {
  return { slug, status, publishedVersion, priceAmount, priceCurrency, accessDays }
}

function found<Row>(row: Row | null): Row {
  if (row === null) throw new DomainError('NOT_FOUND')
  return row
}

function live<Row extends { archivedAt: Date | null }>(row: Row | null): Row {
  if (row === null || row.archivedAt !== null) throw new DomainError('NOT_FOUND')
  return row
}

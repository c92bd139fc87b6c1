import type { Batching } from '@stellr/kit'
import type { Category, Prisma, Tag } from '../generated/prisma/client.ts'

export type CategoryRow = Category
export type TagRow = Tag

/** What courses are found by: categories and tags. */
export function subjects(db: Prisma.TransactionClient, { batch, batchMany }: Batching) {
  const loadTags = batchMany(
    (courseIds) =>
      db.courseTag.findMany({ where: { courseId: { in: [...courseIds] } }, include: { tag: true }, orderBy: { tag: { name: 'asc' } } }),
    ({ courseId }) => courseId,
  )
  return {
    category: batch(
      (ids) => db.category.findMany({ where: { id: { in: [...ids] } } }),
      (category) => category.id,
    ),
    categories: (): Promise<CategoryRow[]> => db.category.findMany({ orderBy: [{ name: 'asc' }, { id: 'asc' }] }),
    insertCategory: (category: Prisma.CategoryUncheckedCreateInput): Promise<CategoryRow> => db.category.create({ data: category }),
    changeCategory: (id: string, changes: { name?: string; slug?: string }, now: Date): Promise<CategoryRow> =>
      db.category.update({ where: { id }, data: { ...changes, updatedAt: now } }),
    /** The category as it is now; until the transaction ends it stays so, and no course is put into it. */
    async lockCategory(id: string): Promise<CategoryRow | null> {
      await db.$executeRaw`SELECT FROM category WHERE id = ${id}::uuid FOR UPDATE`
      return db.category.findUnique({ where: { id } })
    },
    /** Whether there is such a category; it stays until the transaction ends. */
    keepCategory: async (id: string): Promise<boolean> =>
      (await db.$executeRaw`SELECT FROM category WHERE id = ${id}::uuid FOR KEY SHARE`) > 0,
    isCategoryInUse: async (id: string): Promise<boolean> =>
      (await db.course.findFirst({ where: { categoryId: id }, select: { id: true } })) !== null,
    async deleteCategory(id: string): Promise<void> {
      await db.category.delete({ where: { id } })
    },

    tags: (): Promise<TagRow[]> => db.tag.findMany({ orderBy: [{ name: 'asc' }, { id: 'asc' }] }),
    tag: (id: string): Promise<TagRow | null> => db.tag.findUnique({ where: { id } }),
    tagsOf: async (courseId: string): Promise<TagRow[]> => (await loadTags(courseId)).map(({ tag }) => tag),
    insertTag: (tag: Prisma.TagUncheckedCreateInput): Promise<TagRow> => db.tag.create({ data: tag }),
    renameTag: (id: string, name: string, now: Date): Promise<TagRow> => db.tag.update({ where: { id }, data: { name, updatedAt: now } }),
    /** Also from the courses that have it. */
    async deleteTag(id: string): Promise<void> {
      await db.tag.delete({ where: { id } })
    },
    /** What of these there is. */
    existingTags: (ids: readonly string[]): Promise<TagRow[]> => db.tag.findMany({ where: { id: { in: [...ids] } } }),
    async setTags(courseId: string, tagIds: readonly string[], now: Date): Promise<void> {
      await db.courseTag.deleteMany({ where: { courseId, tagId: { notIn: [...tagIds] } } })
      await db.courseTag.createMany({ data: tagIds.map((tagId) => ({ courseId, tagId, createdAt: now })), skipDuplicates: true })
    },
    /** The courses with this tag, which stay as they are until the transaction ends. Hold the tags ALONE. */
    async lockCoursesWithTag(tagId: string): Promise<string[]> {
      const rows = await db.$queryRaw<{ id: string }[]>`
        SELECT id::text FROM course WHERE id IN (SELECT course_id FROM course_tag WHERE tag_id = ${tagId}::uuid) ORDER BY id FOR UPDATE`
      return rows.map(({ id }) => id)
    },
    /** Take it before any row: ALONE to change a tag, which changes what is searched of many courses; TOGETHER to use tags. */
    async lockTags(how: 'ALONE' | 'TOGETHER'): Promise<void> {
      await (how === 'ALONE'
        ? db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('courses:tags', 0))`
        : db.$executeRaw`SELECT pg_advisory_xact_lock_shared(hashtextextended('courses:tags', 0))`)
    },
  }
}

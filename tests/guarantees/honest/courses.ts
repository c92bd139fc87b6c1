import type { Person } from '../../testkit/school.ts'
import { addCategory, addTag, change, enrollIn, newName, writeCourse, writeDraft, type Input } from '../classroom.ts'
import type { Honest } from './input.ts'

const lesson = { title: 'Second', kind: 'VIDEO', body: 'Words.', durationSeconds: 60, required: false, freePreview: true }

export const courses: Record<string, Honest> = {
  createCourse: ({ admin }) => wholeCourse(admin),
  updateCourse: async ({ me, admin }) => ({ courseId: (await writeDraft(me)).courseId, ...(await wholeCourse(admin)) }),
  publishCourse: async ({ me }) => ({ courseId: (await writeDraft(me)).courseId }),
  archiveCourse: async ({ me }) => ({ courseId: (await writeCourse(me)).courseId }),
  restoreCourse: async ({ me }) => {
    const { courseId } = await writeCourse(me)
    await change(me, 'archiveCourse', { courseId })
    return { courseId }
  },
  deleteCourse: async ({ me }) => ({ courseId: (await writeDraft(me)).courseId }),
  setCourseTags: async ({ me, admin }) => ({ courseId: (await writeDraft(me)).courseId, tagIds: [await addTag(admin)] }),
  addModule: async ({ me }) => ({ courseId: (await writeDraft(me)).courseId, title: 'Another' }),
  updateModule: async ({ me }) => ({ moduleId: (await writeDraft(me)).moduleId, title: 'Renamed' }),
  archiveModule: async ({ me }) => ({ moduleId: (await writeDraft(me)).moduleId }),
  reorderModules: async ({ me }) => {
    const { courseId, moduleId } = await writeDraft(me)
    const { module } = await change(me, 'addModule', { courseId, title: 'Another' }, 'module { id }')
    return { courseId, moduleIds: [module.id, moduleId] }
  },
  addLesson: async ({ me }) => {
    const { moduleId, lessonIds } = await writeDraft(me)
    return { moduleId, ...lesson, prerequisiteIds: lessonIds }
  },
  updateLesson: async ({ me }) => {
    const { courseId, lessonIds } = await writeDraft(me, {}, [{}, {}])
    const { module } = await change(me, 'addModule', { courseId, title: 'Another' }, 'module { id }')
    return { lessonId: lessonIds[1], ...lesson, prerequisiteIds: [lessonIds[0]], moduleId: module.id }
  },
  archiveLesson: async ({ me }) => ({ lessonId: (await writeDraft(me)).lessonIds[0] }),
  reorderLessons: async ({ me }) => {
    const { moduleId, lessonIds } = await writeDraft(me, {}, [{}, {}])
    return { moduleId, lessonIds: lessonIds.toReversed() }
  },
  rateCourse: async ({ me, admin }) => {
    const { courseId } = await writeCourse(admin)
    await enrollIn(me, courseId)
    return { courseId, stars: 5, comment: 'Good.' }
  },
  createCategory: () => ({ name: newName(), slug: newName() }),
  updateCategory: async ({ admin }) => ({ categoryId: await addCategory(admin), name: newName(), slug: newName() }),
  deleteCategory: async ({ admin }) => ({ categoryId: await addCategory(admin) }),
  createTag: () => ({ name: newName() }),
  updateTag: async ({ admin }) => ({ tagId: await addTag(admin), name: newName() }),
  deleteTag: async ({ admin }) => ({ tagId: await addTag(admin) }),
}

async function wholeCourse(admin: Person): Promise<Input> {
  return {
    title: 'New',
    description: 'Words.',
    categoryId: await addCategory(admin),
    difficulty: 'ADVANCED',
    price: { amount: 1999, currency: 'EUR' },
    accessDays: 30,
    slug: newName(),
    coverImageUrl: 'https://example.org/cover.png',
  }
}

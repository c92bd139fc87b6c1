import { mutation } from '@stellr/kit'
import type { MutationResolvers } from './generated/graphql.ts'
import * as addLesson from './use-cases/add-lesson.ts'
import * as addModule from './use-cases/add-module.ts'
import * as archiveCourse from './use-cases/archive-course.ts'
import * as archiveLesson from './use-cases/archive-lesson.ts'
import * as archiveModule from './use-cases/archive-module.ts'
import * as createCategory from './use-cases/create-category.ts'
import * as createCourse from './use-cases/create-course.ts'
import * as createTag from './use-cases/create-tag.ts'
import * as deleteCategory from './use-cases/delete-category.ts'
import * as deleteCourse from './use-cases/delete-course.ts'
import * as deleteTag from './use-cases/delete-tag.ts'
import * as publishCourse from './use-cases/publish-course.ts'
import * as rateCourse from './use-cases/rate-course.ts'
import * as reorderLessons from './use-cases/reorder-lessons.ts'
import * as reorderModules from './use-cases/reorder-modules.ts'
import * as restoreCourse from './use-cases/restore-course.ts'
import * as setCourseTags from './use-cases/set-course-tags.ts'
import * as updateCategory from './use-cases/update-category.ts'
import * as updateCourse from './use-cases/update-course.ts'
import * as updateLesson from './use-cases/update-lesson.ts'
import * as updateModule from './use-cases/update-module.ts'
import * as updateTag from './use-cases/update-tag.ts'

export const mutations: MutationResolvers = {
  createCourse: mutation(createCourse.input, createCourse.createCourse),
  updateCourse: mutation(updateCourse.input, updateCourse.updateCourse),
  publishCourse: mutation(publishCourse.input, publishCourse.publishCourse),
  archiveCourse: mutation(archiveCourse.input, archiveCourse.archiveCourse),
  restoreCourse: mutation(restoreCourse.input, restoreCourse.restoreCourse),
  deleteCourse: mutation(deleteCourse.input, deleteCourse.deleteCourse),
  setCourseTags: mutation(setCourseTags.input, setCourseTags.setCourseTags),
  addModule: mutation(addModule.input, addModule.addModule),
  updateModule: mutation(updateModule.input, updateModule.updateModule),
  archiveModule: mutation(archiveModule.input, archiveModule.archiveModule),
  reorderModules: mutation(reorderModules.input, reorderModules.reorderModules),
  addLesson: mutation(addLesson.input, addLesson.addLesson),
  updateLesson: mutation(updateLesson.input, updateLesson.updateLesson),
  archiveLesson: mutation(archiveLesson.input, archiveLesson.archiveLesson),
  reorderLessons: mutation(reorderLessons.input, reorderLessons.reorderLessons),
  rateCourse: mutation(rateCourse.input, rateCourse.rateCourse),
  createCategory: mutation(createCategory.input, createCategory.createCategory),
  updateCategory: mutation(updateCategory.input, updateCategory.updateCategory),
  deleteCategory: mutation(deleteCategory.input, deleteCategory.deleteCategory),
  createTag: mutation(createTag.input, createTag.createTag),
  updateTag: mutation(updateTag.input, updateTag.updateTag),
  deleteTag: mutation(deleteTag.input, deleteTag.deleteTag),
}

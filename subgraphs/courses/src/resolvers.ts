import { countFacets } from './catalogue/facets.ts'
import { listCatalogue } from './catalogue/list-catalogue.ts'
import type { Context } from './context.ts'
import type { Resolvers } from './generated/graphql.ts'
import { id as anId } from './inputs.ts'
import type { ReviewRow } from './models.ts'
import { mutations } from './mutations.ts'
import { findCourseBy, visibleCourse } from './use-cases/find-course.ts'
import { findLesson, lessonsOf, prerequisitesOf, timesOf, visibleLesson } from './use-cases/find-lesson.ts'
import { moduleOf, modulesOfCourse, visibleModule } from './use-cases/find-module.ts'
import { visibleVersion } from './use-cases/find-version.ts'
import { listReviews } from './use-cases/list-reviews.ts'
import { listTaughtCourses } from './use-cases/list-taught-courses.ts'
import { readBody } from './use-cases/read-body.ts'

export const resolvers: Resolvers = {
  Query: {
    courses: (_, args, context) => listCatalogue(context, args),
    course: (_, args, context) => findCourseBy(context, args),
    lesson: (_, { id }, context) => findLesson(context, id),
    categories: (_, __, { store }) => store.categories(),
    tags: (_, __, { store }) => store.tags(),
  },
  Mutation: mutations,
  CatalogueConnection: {
    facets: ({ wanted }, _, context) => countFacets(context, wanted),
  },
  Course: {
    __resolveReference: async ({ id }, context) => visibleCourse(context, id),
    instructor: ({ instructorId }) => ({ id: instructorId }),
    category: ({ categoryId }, _, { store }) => (categoryId === null ? null : store.category(categoryId)),
    tags: ({ id }, _, { store }) => store.tagsOf(id),
    price: ({ priceAmount, priceCurrency }) => ({ amount: priceAmount, currency: priceCurrency }),
    rating: ({ rating }) => (rating === null ? null : rating / 100),
    version: ({ publishedVersion }) => publishedVersion,
    modules: (course, _, context) => modulesOfCourse(context, course),
    reviews: (course, args, context) => listReviews(context, course, args),
    viewerReview: ({ id }, _, context) => viewerReview(context, id),
  },
  Module: {
    __resolveReference: async ({ id }, context) => visibleModule(context, id),
    lessons: (module, _, context) => lessonsOf(context, module),
    course: ({ courseId }, _, context) => visibleCourse(context, courseId),
  },
  Lesson: {
    __resolveReference: async ({ id }, context) => visibleLesson(context, id),
    prerequisites: (lesson, _, context) => prerequisitesOf(context, lesson),
    body: (lesson, _, context) => readBody(context, lesson),
    module: (lesson, _, context) => moduleOf(context, lesson),
    course: ({ courseId }, _, context) => visibleCourse(context, courseId),
    createdAt: async (lesson, _, context) => (await timesOf(context, lesson)).createdAt,
    updatedAt: async (lesson, _, context) => (await timesOf(context, lesson)).updatedAt,
  },
  CourseVersion: {
    __resolveReference: async (reference, context) => visibleVersion(context, reference),
    modules: ({ outline }) => outline,
  },
  OutlineLesson: {
    lesson: ({ lessonId }, _, context) => visibleLesson(context, lessonId),
  },
  Review: {
    author: ({ userId }) => ({ id: userId }),
  },
  User: {
    // Anybody can name a user: what they teach is filtered by who asks.
    __resolveReference: async ({ id }) => (anId.safeParse(id).success ? { id } : null),
    taughtCourses: (user, args, context) => listTaughtCourses(context, user, args),
  },
}

async function viewerReview({ store, viewer }: Context, courseId: string): Promise<ReviewRow | null> {
  return viewer.kind === 'user' ? store.reviewOf(viewer.id, courseId) : null
}

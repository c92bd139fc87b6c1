import { mutation } from '@stellr/kit'
import type { Resolvers } from './generated/graphql.ts'
import { isId } from './inputs.ts'
import { maySeePayments } from './policy.ts'
import { effectiveStatus } from './status.ts'
import * as adoptLatestVersion from './use-cases/adopt-latest-version.ts'
import * as dropEnrollment from './use-cases/drop-enrollment.ts'
import * as enrollUser from './use-cases/enroll-user.ts'
import * as enroll from './use-cases/enroll.ts'
import { findEnrollment, viewerEnrollment, visibleEnrollment } from './use-cases/find-enrollment.ts'
import { enrollmentsOfCourse, enrollmentsOfUser } from './use-cases/list-enrollments.ts'
import { activeEnrollments, openDashboard } from './use-cases/open-dashboard.ts'
import * as resumeEnrollment from './use-cases/resume-enrollment.ts'
import * as suspendEnrollment from './use-cases/suspend-enrollment.ts'
import { courseCursor, watchCourse } from './use-cases/watch-course.ts'
import { enrollmentsCursor, watchEnrollments } from './use-cases/watch-enrollments.ts'
import { priceOf } from './whole-state.ts'

export const resolvers: Resolvers = {
  Query: {
    enrollment: (_, { id }, context) => findEnrollment(context, id),
    enrollmentUpdatedCursor: (_, __, context) => enrollmentsCursor(context),
    courseActivityCursor: (_, { courseId }, context) => courseCursor(context, courseId),
  },
  Mutation: {
    enroll: mutation(enroll.input, enroll.enroll),
    dropEnrollment: mutation(dropEnrollment.input, dropEnrollment.dropEnrollment),
    adoptLatestVersion: mutation(adoptLatestVersion.input, adoptLatestVersion.adoptLatestVersion),
    suspendEnrollment: mutation(suspendEnrollment.input, suspendEnrollment.suspendEnrollment),
    resumeEnrollment: mutation(resumeEnrollment.input, resumeEnrollment.resumeEnrollment),
    enrollUser: mutation(enrollUser.input, enrollUser.enrollUser),
  },
  Subscription: {
    enrollmentUpdated: { subscribe: (_, { after }, context) => watchEnrollments(context, after) },
    courseActivity: { subscribe: (_, { courseId, after }, context) => watchCourse(context, courseId, after) },
  },
  EnrollmentUpdate: {
    enrollment: ({ data }) => data.enrollment,
    transition: ({ data }) => data.transition,
  },
  CourseActivity: {
    at: ({ data }) => data.at,
    kind: ({ data }) => data.kind,
    enrollment: ({ data }, _, { store }) => store.enrollment(data.enrollmentId),
    lesson: ({ data: { lessonId } }) => (lessonId === null ? null : { id: lessonId }),
  },
  Enrollment: {
    __resolveReference: async ({ id }, context) => visibleEnrollment(context, id),
    user: ({ userId }) => ({ id: userId }),
    course: ({ courseId }) => ({ id: courseId }),
    status: (enrollment, _, { clock }) => effectiveStatus(enrollment, clock.now()),
    price: (enrollment) => priceOf(enrollment),
    payBy: ({ status, payBy }) => (status === 'PENDING_PAYMENT' ? payBy : null),
    version: ({ courseVersion }) => courseVersion,
    outline: ({ courseId, courseVersion }) => ({ courseId, number: courseVersion }),
    hasNewContent: async ({ courseId, courseVersion }, _, { store }) => ((await store.offer(courseId))?.version ?? 0) > courseVersion,
    transitions: async (enrollment, _, { store, viewer }) => {
      const log = await store.transitions(enrollment.id)
      return maySeePayments(viewer, enrollment) ? log : log.map((one) => ({ ...one, paymentId: null }))
    },
  },
  EnrollmentTransition: {
    actor: ({ actorId }) => (actorId === null ? null : { id: actorId }),
    payment: ({ paymentId }) => (paymentId === null ? null : { id: paymentId }),
  },
  // That somebody or some course is named here proves nothing about them: each field asks what the viewer may see.
  User: {
    __resolveReference: async ({ id }) => (isId(id) ? { id } : null),
    enrollments: ({ id }, args, context) => enrollmentsOfUser(context, id, args),
  },
  Course: {
    __resolveReference: async ({ id }) => (isId(id) ? { id } : null),
    viewerEnrollment: ({ id }, _, context) => viewerEnrollment(context, id),
    enrollmentCount: async ({ id }, _, { store }) => (await store.offer(id))?.learnerCount ?? 0,
    enrollments: ({ id }, args, context) => enrollmentsOfCourse(context, id, args),
  },
  Dashboard: {
    __resolveReference: async ({ id }, context) => openDashboard(context, id),
    activeCourses: async (dashboard) => (await dashboard.tally()).active,
    completedCourses: async (dashboard) => (await dashboard.tally()).completed,
    activeEnrollments: (dashboard, _, context) => activeEnrollments(context, dashboard),
  },
}

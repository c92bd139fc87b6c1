import { mutation } from '@stellr/kit'
import type { Resolvers } from './generated/graphql.ts'
import { lessonPercent, percent } from './percent.ts'
import { countActiveMs, countActiveMsThisWeek, countStreakDays } from './use-cases/count-learning.ts'
import { findProgress, lessonViews, viewerLesson, viewerModule, visibleProgress } from './use-cases/find-progress.ts'
import * as markLessonComplete from './use-cases/mark-lesson-complete.ts'
import * as recordProgress from './use-cases/record-progress.ts'
import { watchProgress } from './use-cases/watch-progress.ts'

const wholeMinutes = (ms: number | bigint) => Math.floor(Number(ms) / 60_000)

export const resolvers: Resolvers = {
  Query: {
    courseProgress: (_, { enrollmentId }, context) => findProgress(context, enrollmentId),
  },
  Mutation: {
    markLessonComplete: mutation(markLessonComplete.input, markLessonComplete.markLessonComplete),
    recordProgress: mutation(recordProgress.input, recordProgress.recordProgress),
  },
  Subscription: {
    progressUpdated: { subscribe: (_, { enrollmentId, after }, context) => watchProgress(context, enrollmentId, after) },
  },
  ProgressUpdate: {
    courseProgress: ({ data }) => data,
    lessonProgress: ({ data }) => data.lesson,
    enrollment: ({ data }) => ({ id: data.enrollment.id, course: data }),
  },
  Enrollment: {
    __resolveReference: async ({ id }, context) => {
      const course = await visibleProgress(context, id)
      return course && { id, course }
    },
    progress: ({ course }) => course,
  },
  CourseProgress: {
    percent: ({ progress }) => percent(progress.percentBp),
    completedLessons: ({ progress }) => progress.completedRequired,
    requiredLessons: ({ progress }) => progress.required,
    minutes: ({ progress }) => wholeMinutes(progress.activeMs),
    quizzesPassed: ({ progress }) => progress.quizzesPassed,
    quizzesTotal: ({ progress }) => progress.quizzesTotal,
    resume: ({ progress: { resumeLessonId, resumePosition } }) =>
      resumeLessonId === null ? null : { lesson: { id: resumeLessonId }, position: resumePosition },
    completedAt: ({ progress }) => progress.completedAt,
    lastActivityAt: ({ progress }) => progress.lastActivityAt,
    lessons: ({ enrollment }, _, { store }) => lessonViews(store, enrollment),
    createdAt: ({ progress }) => progress.createdAt,
    updatedAt: ({ progress }) => progress.updatedAt,
  },
  LessonProgress: {
    lesson: ({ lesson }) => ({ id: lesson.lessonId }),
    state: ({ progress }) => (!progress ? 'NOT_STARTED' : progress.completedAt ? 'COMPLETED' : 'IN_PROGRESS'),
    percent: lessonPercent,
    position: ({ progress }) => progress?.position ?? 0,
    watchedSeconds: ({ progress }) => progress?.watchedSeconds ?? 0,
    minutes: ({ progress }) => wholeMinutes(progress?.activeMs ?? 0),
    completedAt: ({ progress }) => progress?.completedAt ?? null,
    lastAccessedAt: ({ progress }) => progress?.lastAccessedAt ?? null,
  },
  Module: {
    __resolveReference: async ({ id }) => ({ id }),
    viewerProgress: ({ id }, _, context) => viewerModule(context, id),
  },
  Lesson: {
    __resolveReference: async ({ id }) => ({ id }),
    viewerProgress: ({ id }, _, context) => viewerLesson(context, id),
  },
  Dashboard: {
    __resolveReference: async ({ id }, { viewer }) => (viewer.kind === 'user' && viewer.id === id ? { id } : null),
    learningMinutes: async ({ id }, _, context) => wholeMinutes(await countActiveMs(context, id)),
    learningMinutesThisWeek: async ({ id }, _, context) => wholeMinutes(await countActiveMsThisWeek(context, id)),
    streakDays: ({ id }, _, context) => countStreakDays(context, id),
  },
}

import { on } from '@stellr/kit'
import { CourseVersionPublished } from '@stellr/schema/events/courses'
import { enrollmentEvents } from '@stellr/schema/events/enrollments'
import { ProfileUpdated } from '@stellr/schema/events/users'
import type { Store } from './store.ts'
import { projectEnrollment } from './use-cases/project-enrollment.ts'

export const onVersionPublished = on<typeof CourseVersionPublished, Store>(CourseVersionPublished, async (event, tx) => {
  const { courseId, version, modules } = event.data
  const lessons = modules
    .flatMap(({ moduleId, lessons: its }) => its.map((lesson) => ({ moduleId, ...lesson })))
    .map(({ lessonId, moduleId, kind, required, durationSeconds, prerequisiteIds }, position) => ({
      lessonId,
      moduleId,
      position,
      kind,
      required,
      durationSeconds,
      prerequisiteIds,
    }))
  const required = lessons.filter((lesson) => lesson.required).length
  const quizzes = lessons.filter(({ kind }) => kind === 'QUIZ').length
  await tx.addOutline({ courseId, version, required, quizzes, lessons }, new Date(event.time))
})

export const onEnrollmentChanged = enrollmentEvents.map((contract) =>
  on<typeof contract, Store>(contract, (event, tx) => projectEnrollment(tx, event)),
)

export const onProfileUpdated = on<typeof ProfileUpdated, Store>(ProfileUpdated, (event, tx) =>
  tx.saveLearner(event.data.userId, event.data.timeZone, event.aggregateversion),
)

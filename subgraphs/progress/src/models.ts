import type { CourseProgressRow, EnrollmentRow, LessonProgressRow, OutlineLessonRow } from './store.ts'

export type { ProgressEntry } from './feed.ts'
export type { CourseProgressRow, EnrollmentRow, LessonKind, LessonProgressRow, OutlineLessonRow } from './store.ts'

/** Who learns what: all that matters of an enrollment for what is shown of its progress. */
export type Learning = Pick<EnrollmentRow, 'id' | 'userId' | 'courseId' | 'instructorId' | 'courseVersion'>

/** An enrollment's progress, which the viewer may see. */
export interface CourseProgressRef {
  readonly enrollment: Learning
  readonly progress: CourseProgressRow
}

/** An enrollment that the viewer may see. */
export interface EnrollmentRef {
  readonly id: string
  readonly course: CourseProgressRef
}

/** A lesson of a learner's version, and how far they are with it: null before they began. */
export interface LessonView {
  readonly lesson: Pick<OutlineLessonRow, 'lessonId' | 'kind' | 'durationSeconds'>
  readonly progress: Pick<LessonProgressRow, 'completedAt' | 'lastAccessedAt' | 'position' | 'watchedSeconds' | 'activeMs'> | null
  /** Whether lessons that must come first are still to do. */
  readonly locked: boolean
}

export interface ModuleRef {
  readonly id: string
}

export interface LessonRef {
  readonly id: string
}

export interface DashboardRef {
  readonly id: string
}

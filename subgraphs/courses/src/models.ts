import type { FrozenLesson } from './frozen.ts'
import type { LessonKind } from './store.ts'

export type { FrozenLesson, FrozenModule, Outline } from './frozen.ts'
export type { CataloguePage } from './catalogue/list-catalogue.ts'
export type { CategoryRow, CourseRow, CourseStatus, EnrollmentRow, LessonRow, ModuleRow, ReviewRow, TagRow, VersionRow } from './store.ts'

/** A module that the viewer may see: of the working copy, or as a version froze it. */
export interface ModuleRef {
  readonly id: string
  readonly courseId: string
  readonly title: string
  readonly position: number
  /** Null for the working copy. */
  readonly frozen: { readonly version: number; readonly lessons: readonly FrozenLesson[] } | null
}

/** A lesson that the viewer may see, without its body, which has a policy of its own. */
export interface LessonRef {
  readonly id: string
  readonly courseId: string
  readonly moduleId: string
  readonly title: string
  readonly kind: LessonKind
  readonly durationSeconds: number
  readonly position: number
  readonly required: boolean
  readonly freePreview: boolean
  readonly prerequisiteIds: readonly string[]
  /** The version that it is shown as; null for the working copy. */
  readonly version: number | null
  /** When the working copy, or the published lesson, was made and changed; not there when it comes from an outline. */
  readonly createdAt?: Date
  readonly updatedAt?: Date
}

export interface UserRef {
  readonly id: string
}

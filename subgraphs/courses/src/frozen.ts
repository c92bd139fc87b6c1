import type { Data } from '@stellr/kit'
import type { CourseVersionPublished } from '@stellr/schema/events/courses'

/** The modules of one publication and their lessons, in the order in which to learn. */
export type Outline = Data<typeof CourseVersionPublished>['modules']
export type FrozenModule = Outline[number]
export type FrozenLesson = FrozenModule['lessons'][number]

import type { FrozenLesson, FrozenModule, LessonRef, LessonRow, ModuleRef, ModuleRow, Outline, VersionRow } from './models.ts'
import type { PublishedLessonRow } from './store.ts'

/** The outline that the working copy makes, in its order: a module without lessons is left out. */
export function outlineOf(modules: readonly ModuleRow[], lessons: readonly LessonRow[]): Outline {
  const byModule = Map.groupBy(lessons, ({ moduleId }) => moduleId)
  return modules.flatMap(({ id, title }) => {
    const own = byModule.get(id) ?? []
    return own.length === 0 ? [] : [{ moduleId: id, title, lessons: own.map(freeze) }]
  })
}

export function lessonsOf(outline: Outline): FrozenLesson[] {
  return outline.flatMap(({ lessons }) => lessons)
}

export function totalSeconds(outline: Outline): number {
  return lessonsOf(outline).reduce((seconds, lesson) => seconds + lesson.durationSeconds, 0)
}

export function hasLesson({ outline }: VersionRow, lessonId: string): boolean {
  return outline.some(({ lessons }) => lessons.some((lesson) => lesson.lessonId === lessonId))
}

/** The modules of a version, as they are shown. */
export function modulesOf({ courseId, number, outline }: VersionRow): ModuleRef[] {
  return outline.map((module, at) => ({
    id: module.moduleId,
    courseId,
    title: module.title,
    position: at + 1,
    frozen: { version: number, lessons: module.lessons },
  }))
}

/** The lessons that a version has among `ids`, in the order of `ids`. */
export function pick(version: VersionRow, ids: readonly string[]): LessonRef[] {
  const found = new Map(version.outline.flatMap((module) => frozenLessons(version, module)).map((lesson) => [lesson.id, lesson]))
  return ids.flatMap((id) => found.get(id) ?? [])
}

/** The lessons of a module that a version froze, as they are shown. */
export function frozenLessons({ courseId, number }: Pick<VersionRow, 'courseId' | 'number'>, module: FrozenModule): LessonRef[] {
  return module.lessons.map(({ lessonId, ...lesson }, at) => ({
    ...lesson,
    id: lessonId,
    courseId,
    moduleId: module.moduleId,
    position: at + 1,
    version: number,
  }))
}

export function workingModule({ id, courseId, title, position }: ModuleRow): ModuleRef {
  return { id, courseId, title, position, frozen: null }
}

export function workingLesson(lesson: LessonRow): LessonRef {
  return { ...lesson, version: null }
}

export function publishedLesson({ lessonId, courseVersion, ...lesson }: PublishedLessonRow): LessonRef {
  return { ...lesson, id: lessonId, version: courseVersion }
}

function freeze({ id, title, kind, durationSeconds, required, freePreview, prerequisiteIds }: LessonRow): FrozenLesson {
  return { lessonId: id, title, kind, durationSeconds, required, freePreview, prerequisiteIds }
}

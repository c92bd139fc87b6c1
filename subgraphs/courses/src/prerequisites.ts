import type { LessonRow } from './models.ts'

/**
 * What is wrong with these prerequisites of a lesson, among the `lessons` of its course that are not archived; null when
 * nothing is.
 */
export function prerequisiteProblem(
  lessonId: string | null,
  prerequisiteIds: readonly string[],
  lessons: readonly Pick<LessonRow, 'id' | 'prerequisiteIds'>[],
): { rule: string; message: string } | null {
  const known = new Map(lessons.map((lesson) => [lesson.id, lesson.prerequisiteIds]))
  if (!prerequisiteIds.every((id) => known.has(id))) return { rule: 'unknown', message: 'must be lessons of the same course' }
  if (lessonId !== null && leadsTo(lessonId, prerequisiteIds, known)) return { rule: 'circle', message: 'must not lead back to the lesson' }
  return null
}

function leadsTo(target: string, from: readonly string[], known: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>()
  const open = [...from]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === target) return true
    if (seen.has(id)) continue
    seen.add(id)
    open.push(...(known.get(id) ?? []))
  }
  return false
}

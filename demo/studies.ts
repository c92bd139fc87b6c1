import { randomUUID } from 'node:crypto'
import type { BuiltLesson } from './courses.ts'
import type { Life } from './lives.ts'

const REPORT_EVERY_SECONDS = 120

/** What a device would have reported of a life: the events of recordProgress, oldest first. */
export function studyEvents({ course, studied }: Pick<Life, 'course' | 'studied'>): Record<string, unknown>[] {
  return studied.flatMap((startedAt, index) => {
    const lesson = course.lessons[index]
    return lesson ? lessonEvents(lesson, startedAt) : []
  })
}

// A report every two minutes, as a player sends them, and word at the end that the lesson is done.
function lessonEvents({ id, kind, durationSeconds }: BuiltLesson, startedAt: Date): Record<string, unknown>[] {
  const at = (seconds: number) => new Date(startedAt.getTime() + seconds * 1000).toISOString()
  const reports = Array.from({ length: Math.ceil(durationSeconds / REPORT_EVERY_SECONDS) }, (_, index) => {
    const from = index * REPORT_EVERY_SECONDS
    const to = Math.min(durationSeconds, from + REPORT_EVERY_SECONDS)
    const watched = kind === 'VIDEO' ? { position: to, ranges: [{ start: from, end: to }] } : {}
    return { clientEventId: randomUUID(), lessonId: id, kind: 'PROGRESSED', activeSeconds: to - from, occurredAt: at(to), ...watched }
  })
  const done = { clientEventId: randomUUID(), lessonId: id, kind: 'COMPLETED', activeSeconds: 0, occurredAt: at(durationSeconds + 1) }
  return kind === 'VIDEO' ? reports : [...reports, done]
}

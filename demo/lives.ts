import type { BuiltCourse } from './courses.ts'
import type { Chance } from './chance.ts'

/** One learner in one course: what is to happen, decided beforehand. */
export interface Life {
  /** Of the learner. */
  learner: number
  course: BuiltCourse
  enrolledAt: Date
  /** How many lessons they get through, and when they sat down to each. */
  studied: readonly Date[]
  /** When they gave up; null when they did not. */
  droppedAt: Date | null
  /** 1 to 5; null when they say nothing. */
  stars: number | null
}

const DAY_MS = 86_400_000
const OPENED_DAYS_AGO = 150
const LATEST_ENROLLMENT_DAYS_AGO = 2

/** What learners did over the past months, up to `now`. The first learner is the demo account and keeps at it every day. */
export function planLives(chance: Chance, learners: number, courses: readonly BuiltCourse[], now: Date): Life[] {
  const open = courses.filter(({ content }) => content.status !== 'DRAFT')
  const current = open.filter(({ content }) => content.status === 'PUBLISHED')
  return Array.from({ length: learners }, (_, learner) => {
    if (learner === 0) return showcase(chance, current, now)
    // A few courses are everybody's favourites: the lower of two draws.
    const wanted = new Set(
      Array.from({ length: chance.between(1, 5) }, () => Math.min(chance.between(0, open.length - 1), chance.between(0, open.length - 1))),
    )
    return [...wanted].flatMap((index) => {
      const course = open[index]
      return course ? [oneLife(chance, learner, course, now)] : []
    })
  }).flat()
}

/** When a learner signed up: before the first enrollment. */
export function joinedAt(lives: readonly Life[], learner: number, now: Date): Date {
  const first = Math.min(...lives.filter((life) => life.learner === learner).map(({ enrolledAt }) => enrolledAt.getTime()), now.getTime())
  return new Date(first - 3600_000)
}

function oneLife(chance: Chance, learner: number, course: BuiltCourse, now: Date): Life {
  // Whose access is limited has not lost it yet.
  const since = Math.max(course.publishedAt.getTime(), now.getTime() - ((course.content.accessDays ?? Infinity) - 3) * DAY_MS)
  const latest = now.getTime() - LATEST_ENROLLMENT_DAYS_AGO * DAY_MS
  const enrolledAt = new Date(since + Math.floor(Math.sqrt(chance.next()) * (latest - since)))
  const diligence = chance.next()
  const lessons = diligence > 0.55 ? course.lessons.length : Math.floor(course.lessons.length * diligence * 1.6)
  const studied: Date[] = []
  let at = enrolledAt.getTime() + chance.between(5, 600) * 60_000
  while (studied.length < lessons && at < now.getTime()) {
    studied.push(new Date(at))
    // Two or three lessons in a row, then a few days of something else.
    at += chance.next() < 0.6 ? chance.between(10, 40) * 60_000 : Math.floor((0.3 + chance.next() * 4) * DAY_MS)
  }
  const finished = studied.length === course.lessons.length
  const last = studied.at(-1) ?? enrolledAt
  const gaveUp = !finished && chance.next() < 0.12 && last.getTime() + 9 * DAY_MS < now.getTime()
  const speaks = chance.next() < (finished ? 0.55 : 0.12) && studied.length > 1
  return {
    learner,
    course,
    enrolledAt,
    studied,
    droppedAt: gaveUp ? new Date(last.getTime() + 8 * DAY_MS) : null,
    stars: speaks ? starsFor(chance, finished) : null,
  }
}

function starsFor(chance: Chance, finished: boolean): number {
  const luck = chance.next()
  if (!finished) return luck < 0.3 ? 2 : luck < 0.7 ? 3 : 4
  return luck < 0.04 ? 2 : luck < 0.14 ? 3 : luck < 0.5 ? 4 : 5
}

/** Somebody who has finished a course, is in the middle of three and has learned on each of the last twelve days. */
function showcase(chance: Chance, courses: readonly BuiltCourse[], now: Date): Life[] {
  const [finished, ...others] = courses
    .filter(({ lessons, content }) => lessons.length >= 8 && content.accessDays === undefined)
    .slice(0, 4)
  if (!finished) return []
  const evening = (daysAgo: number, minutes: number) => {
    const day = new Date(now.getTime() - daysAgo * DAY_MS)
    return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate(), 18, 0) + minutes * 60_000)
  }
  const done: Life = {
    learner: 0,
    course: finished,
    enrolledAt: evening(40, -60),
    studied: finished.lessons.map((_, index) => evening(39 - index, chance.between(0, 60))),
    droppedAt: null,
    stars: 5,
  }
  const underWay = others.map((course, place) => ({
    learner: 0,
    course,
    enrolledAt: evening(14, -30 + place),
    studied: course.lessons
      .slice(0, Math.ceil(course.lessons.length / 2))
      .map((_, index) => evening(Math.max(1, 12 - index * 3 - place), place * 45)),
    droppedAt: null,
    stars: null,
  }))
  return [done, ...underWay]
}

/** When the courses were published: spread over the first weeks. */
export function publishedAt(index: number, now: Date): Date {
  return new Date(now.getTime() - OPENED_DAYS_AGO * DAY_MS + index * DAY_MS + 9 * 3600_000)
}

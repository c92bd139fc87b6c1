import { createChance } from './chance.ts'
import { categories } from './content/categories.ts'
import { courses as contents } from './content/courses/index.ts'
import { instructors } from './content/instructors.ts'
import { learners } from './content/learners.ts'
import { tags } from './content/tags.ts'
import { closeCourse, putUpShelves, writeCourse, type BuiltCourse } from './courses.ts'
import { inParallel } from './in-parallel.ts'
import { joinedAt, planLives, publishedAt, type Life } from './lives.ts'
import { enrollLearners, hireAdmin, hireInstructors } from './people.ts'
import { reviewsOf } from './reviews.ts'
import { openStage, type Stage, type StageOptions } from './stage.ts'
import { studyEvents } from './studies.ts'
import type { UserViewer } from '@stellr/kit'

export const DEMO_ADMIN = 'admin@stellr.test'

const ENROLL = 'mutation ($input: EnrollInput!) { enroll(input: $input) { enrollment { id } } }'
const ENROLL_USER = 'mutation ($input: EnrollUserInput!) { enrollUser(input: $input) { enrollment { id } } }'
const DROP = 'mutation ($input: DropEnrollmentInput!) { dropEnrollment(input: $input) { enrollment { id } } }'
const RECORD = 'mutation ($input: RecordProgressInput!) { recordProgress(input: $input) { results { status code } } }'
const RATE = 'mutation ($input: RateCourseInput!) { rateCourse(input: $input) { review { id } } }'

/**
 * Builds the demo school in empty databases, through the same use cases as everybody: the same people, courses and lives
 * each time, up to today. `progress` is told what is being done.
 */
export async function buildDemo(options: StageOptions, progress: (what: string) => void): Promise<void> {
  const now = new Date(new Date().setUTCHours(0, 0, 0, 0))
  const founded = new Date(publishedAt(0, now).getTime() - 86_400_000)
  const stage = await openStage(options, founded)
  try {
    await play(stage, options, { now, founded }, progress)
  } finally {
    await stage.close()
  }
}

async function play(
  stage: Stage,
  options: StageOptions,
  { now, founded }: { now: Date; founded: Date },
  progress: (what: string) => void,
): Promise<void> {
  const admin = await hireAdmin(stage, options, DEMO_ADMIN, new Date())
  const staff = await hireInstructors(stage, admin, instructors, founded)
  progress(`${staff.size} instructors`)

  const shelves = await putUpShelves(stage, admin, categories, tags, founded)
  const built = await inParallel(
    contents,
    (content, index) => writeCourse(stage, authorOf(staff, content.instructor), content, shelves, publishedAt(index, now)),
    { onDone: (done) => progress(`${done} of ${contents.length} courses`) },
  )

  const lives = planLives(createChance(1), learners.length, built, now)
  const people = await enrollLearners(
    stage,
    learners,
    (index) => joinedAt(lives, index, now),
    (done) => progress(`${done} of ${learners.length} learners`),
  )
  await stage.settle()

  const enrolled = await inParallel(lives, (life) => begin(stage, life, person(people, life), admin), {
    onDone: (done) => progress(`${done} of ${lives.length} enrollments`),
  })
  await stage.settle()
  await inParallel(lives, (life, index) => study(stage, life, enrolled[index] ?? '', person(people, life)), {
    onDone: (done) => progress(`${done} of ${lives.length} enrollments studied`),
  })
  await stage.settle()
  const comments = reviewsOf(lives)
  await inParallel(lives, (life, index) => end(stage, life, comments[index] ?? null, enrolled[index] ?? '', person(people, life)))
  await close(stage, staff, built, now)
  await stage.settle()
}

/** Into a course that costs, an administrator lets people in: nobody pays in a demo. */
async function begin(stage: Stage, { course, enrolledAt }: Life, learner: UserViewer, admin: UserViewer): Promise<string> {
  const input = { courseId: course.id }
  const { enrollment } = course.content.price
    ? await stage.play('enrollments', ENROLL_USER, { ...input, userId: learner.id }, admin, enrolledAt)
    : await stage.play('enrollments', ENROLL, input, learner, enrolledAt)
  return enrollment.id
}

async function study(stage: Stage, life: Life, enrollmentId: string, learner: UserViewer): Promise<void> {
  const events = studyEvents(life)
  const last = life.studied.at(-1)
  if (!last) return
  const { results } = await stage.play('progress', RECORD, { enrollmentId, events }, learner, new Date(last.getTime() + 3600_000))
  const refused = results.find(({ status }: { status: string }) => status !== 'ACCEPTED')
  if (refused) throw new Error(`the demo school: an event was refused: ${refused.code} (${life.course.content.slug})`)
}

async function end(stage: Stage, life: Life, comment: string | null, enrollmentId: string, learner: UserViewer): Promise<void> {
  const { course, droppedAt, stars, studied, enrolledAt } = life
  if (stars !== null) {
    const at = new Date((studied.at(-1) ?? enrolledAt).getTime() + 7200_000)
    await stage.play('courses', RATE, { courseId: course.id, stars, comment }, learner, at)
  }
  if (droppedAt) await stage.play('enrollments', DROP, { enrollmentId }, learner, droppedAt)
}

async function close(stage: Stage, staff: ReadonlyMap<string, UserViewer>, built: readonly BuiltCourse[], now: Date): Promise<void> {
  for (const course of built.filter(({ content }) => content.status === 'ARCHIVED')) {
    await closeCourse(stage, authorOf(staff, course.content.instructor), course, now)
  }
}

function authorOf(staff: ReadonlyMap<string, UserViewer>, key: string): UserViewer {
  const author = staff.get(key)
  if (!author) throw new Error(`no instructor ${key}`)
  return author
}

function person(people: readonly UserViewer[], { learner }: Life): UserViewer {
  const known = people[learner]
  if (!known) throw new Error(`no learner ${learner}`)
  return known
}

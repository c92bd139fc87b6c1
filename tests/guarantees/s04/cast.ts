import { expect, vi } from 'vitest'
import type { Person, School } from '../../testkit/school.ts'
import { pay } from '../../testkit/payments.ts'
import { buy, change, enrollIn, enrollToPay, progressEvent, suspend, writeCourse, writeDraft } from '../classroom.ts'
import { leaving, named } from '../people.ts'
import { beforeLesson, comeAndGo, firstHeard } from './cursors.ts'
import { viewers, type Viewer, type Visit } from './outcomes.ts'
import { freshThings, personalThings, type Things } from './things.ts'

/** Somebody of each kind, and what there is to see of the owner. */
export interface Stage {
  people: Record<Viewer, Person | null>
  things: Things
}

/** The stage on which everything has happened, and who else is needed. */
export interface Cast extends Stage {
  owner: Person
  admin: Person
  /** Wrote the courses. */
  teacher: Person
  /** Another administrator. */
  principal: Person
}

/** Everything that can be set about the owner set, and all of it arrived in every domain. */
export async function gather(school: School): Promise<Cast> {
  const [student, instructor, owner, admin, teacher, principal] = await Promise.all([
    named(school),
    named(school, 'INSTRUCTOR'),
    named(school),
    named(school, 'ADMIN'),
    named(school, 'INSTRUCTOR'),
    named(school, 'ADMIN'),
  ])
  const filled = await owner.client.query(`mutation {
    updateProfile(input: { avatarUrl: "https://example.org/me.png", bio: "Hello.", locale: "en-GB", timeZone: "Europe/Berlin" }) { user { id } }
    updatePreferences(input: { language: "en", marketing: false, quietHours: { start: "22:00", end: "07:00" } }) { user { id } }
    completeOnboardingStep(input: { step: TUTORIAL }) { user { id } }
  }`)
  expect(filled.codes).toEqual([])
  const people = { anonymous: null, 'other student': student, 'other instructor': instructor, owner, admin }
  const lessons = await study(teacher, owner, admin, await named(school))
  await writeDraft(instructor)
  const newest = await school.register()
  await vi.waitFor(
    async () => {
      const { data } = await admin.client.query('{ users(first: 1) { edges { node { id } } } }')
      expect(data.users.edges).toEqual([{ node: { id: newest.id } }])
    },
    { timeout: 10_000 },
  )
  await school.settle()
  return { people, owner, admin, teacher, principal, things: { ...personalThings(owner, { people, teacher, principal }), ...lessons } }
}

/**
 * For what changes things: who does, and what it is done to, are new. Whoever is refused leaves everything as it was, so they
 * try it on what is there already.
 */
export async function freshStage(school: School, cast: Cast, visit: Visit, kind: Viewer): Promise<Stage> {
  const isRefused = /^[A-Z]/.test(visit.root[viewers.indexOf(kind)] ?? '')
  if (isRefused && !visit.leaving) return stageFor(cast, visit)
  const byAuthor = visit.as === 'author'
  const asLearner = !byAuthor && kind === 'owner'
  const owner = asLearner || /\$(owner\w*|enrollment|suspended|unpaidEnrollment|paid)\b/.test(visit.ask) ? await named(school) : cast.owner
  const viewer = byAuthor && kind === 'owner' ? cast.teacher : await freshViewer(school, kind, owner)
  return {
    people: { ...cast.people, [kind]: viewer && visit.leaving ? await leaving(school, viewer) : viewer },
    things: { ...personalThings(owner, cast), ...freshThings(cast.teacher, owner, cast.admin, visit.learning ?? false) },
  }
}

/** The stage on which nothing changes. */
export function stageFor({ people, teacher, things }: Cast, { as }: Visit): Stage {
  return { people: as === 'author' ? { ...people, owner: teacher } : people, things }
}

async function freshViewer(school: School, kind: Viewer, owner: Person): Promise<Person | null> {
  if (kind === 'anonymous') return null
  if (kind === 'owner') return owner
  if (kind === 'other student') return school.register()
  return school.register({ role: kind === 'admin' ? 'ADMIN' : 'INSTRUCTOR' })
}

/** Courses of the teacher's in every state, and what the owner has learned in them. */
async function study(teacher: Person, owner: Person, admin: Person, passerBy: Person): Promise<Things> {
  const { category } = await change(admin, 'createCategory', { name: 'Plants' }, 'category { id }')
  const { tag } = await change(admin, 'createTag', { name: 'shade' }, 'tag { id }')
  const course = await writeCourse(
    teacher,
    {
      title: 'Keeping an orangery',
      categoryId: category.id,
      difficulty: 'ADVANCED',
      accessDays: 365,
      slug: 'keeping-an-orangery',
      coverImageUrl: 'https://example.org/orangery.png',
    },
    [{ freePreview: true }, { kind: 'VIDEO', durationSeconds: 100 }, {}, {}],
  )
  const { courseId, moduleId } = course
  const [preview = '', video = '', lesson = '', removed = ''] = course.lessonIds
  await change(teacher, 'setCourseTags', { courseId, tagIds: [tag.id] })
  await change(teacher, 'updateLesson', { lessonId: lesson, prerequisiteIds: [video] })
  await change(teacher, 'publishCourse', { courseId })
  const activity = teacher.client.listen('subscription ($id: ID!) { courseActivity(courseId: $id) { cursor kind } }', { id: courseId })
  const firstActivity = await firstHeard(activity, () => comeAndGo(passerBy, courseId))
  const enrollmentId = await enrollIn(owner, courseId)
  // What is removed now the owner's version still has.
  await change(teacher, 'archiveLesson', { lessonId: removed })
  await change(teacher, 'publishCourse', { courseId })
  await change(owner, 'recordProgress', {
    enrollmentId,
    events: [
      progressEvent(preview),
      progressEvent(preview, { kind: 'COMPLETED' }),
      progressEvent(video, { kind: 'PROGRESSED', position: 50, ranges: [{ start: 0, end: 50 }], activeSeconds: 60 }),
    ],
  })
  await change(owner, 'rateCourse', { courseId, stars: 4, comment: 'Good.' })

  const courseCursor = await beforeLesson(activity, firstActivity)

  const tried = await writeCourse(teacher)
  const updates = owner.client.listen('subscription { enrollmentUpdated { cursor } }')
  const firstUpdate = await firstHeard(updates, () => comeAndGo(owner, tried.courseId))
  await updates.end()

  const past = await writeCourse(teacher)
  const finished = await enrollIn(owner, past.courseId)
  await change(owner, 'markLessonComplete', { lessonId: past.lessonIds[0] })
  await change(teacher, 'archiveCourse', { courseId: past.courseId })
  const draft = await writeDraft(teacher)
  const third = await writeCourse(teacher)
  const suspended = await suspend(admin, await enrollIn(owner, third.courseId))

  const ids = {
    ...(await purchases(teacher, owner, admin)),
    course: courseId,
    slug: 'keeping-an-orangery',
    module: moduleId,
    preview,
    video,
    lesson,
    removed,
    draft: draft.courseId,
    draftLesson: draft.lessonIds[0],
    archived: past.courseId,
    archivedLesson: past.lessonIds[0],
    enrollment: enrollmentId,
    finished,
    suspended,
    suspendedLesson: third.lessonIds[0],
    category: category.id,
    tag: tag.id,
    courseCursor,
    ownersCursor: firstUpdate?.data.enrollmentUpdated.cursor,
  }
  return Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, () => id]))
}

/** Payments of the owner's in every state. */
async function purchases(teacher: Person, owner: Person, admin: Person): Promise<Record<string, string>> {
  const unpaidEnrollment = await enrollToPay(teacher, owner)
  const updates = owner.client.listen('subscription { paymentUpdated { cursor } }')
  // Asking for the other method ends what was begun, and begins anew.
  let tries = 0
  const first = await firstHeard(updates, () => buy(owner, unpaidEnrollment, (tries += 1) % 2 === 1 ? 'CARD' : 'CHECKOUT'))
  await updates.end()
  const bought = await enrollToPay(teacher, owner)
  const { id: paid } = await pay(owner, bought)
  await change(admin, 'refundPayment', { paymentId: paid, amount: 1, reason: 'A cent.' })
  const { id: declined } = await pay(owner, await enrollToPay(teacher, owner), 'decline')
  const { id: checkout } = await buy(owner, await enrollToPay(teacher, owner), 'CHECKOUT')
  return { unpaidEnrollment, bought, paid, declined, checkout, paymentCursor: first?.data.paymentUpdated.cursor }
}

import type { Listening } from '../../testkit/listening.ts'
import type { Person } from '../../testkit/school.ts'
import { change, enrollIn } from '../classroom.ts'

/** Does something that is heard, again and again, until it has been: nobody can tell at which moment a subscription begins. */
export async function firstHeard(listening: Listening, act: () => Promise<unknown>) {
  let heard = false
  const first = listening.next().finally(() => {
    heard = true
  })
  while (!heard) await act()
  return first
}

/** Enrolls in a course and leaves it. */
export async function comeAndGo(by: Person, courseId: string): Promise<void> {
  await change(by, 'dropEnrollment', { enrollmentId: await enrollIn(by, courseId) })
}

/** The cursor of the last activity in a course before a lesson was completed there. Ends the subscription. */
export async function beforeLesson(listening: Listening, first: Awaited<ReturnType<Listening['next']>>): Promise<string> {
  let event = first?.data.courseActivity
  for (;;) {
    const next = (await listening.next())?.data.courseActivity
    if (!next || next.kind === 'LESSON_COMPLETED') break
    event = next
  }
  await listening.end()
  return event.cursor
}

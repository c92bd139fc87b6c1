import { pay } from '../../testkit/payments.ts'
import { change, enrollIn, enrollToPay, progressEvent, suspend, writeCourse } from '../classroom.ts'
import type { Honest } from './input.ts'

export const learning: Record<string, Honest> = {
  initiatePayment: async ({ me, admin }) => ({
    enrollmentId: await enrollToPay(admin, me),
    method: 'CARD',
    idempotencyKey: crypto.randomUUID(),
  }),
  refundPayment: async ({ me, admin }) => ({
    paymentId: (await pay(me, await enrollToPay(admin, me))).id,
    amount: 1999,
    reason: 'Not what I expected.',
    idempotencyKey: crypto.randomUUID(),
  }),
  enroll: async ({ admin }) => ({ courseId: (await writeCourse(admin)).courseId }),
  dropEnrollment: async ({ me, admin }) => ({ enrollmentId: await enrollIn(me, (await writeCourse(admin)).courseId) }),
  adoptLatestVersion: async ({ me, admin }) => {
    const { courseId, moduleId } = await writeCourse(admin)
    const enrollmentId = await enrollIn(me, courseId)
    await change(admin, 'addLesson', { moduleId, title: 'New', kind: 'ARTICLE' })
    await change(admin, 'publishCourse', { courseId })
    return { enrollmentId }
  },
  suspendEnrollment: async ({ other, admin }) => ({
    enrollmentId: await enrollIn(other, (await writeCourse(admin)).courseId),
    reason: 'Why.',
  }),
  resumeEnrollment: async ({ other, admin }) => ({
    enrollmentId: await suspend(admin, await enrollIn(other, (await writeCourse(admin)).courseId)),
  }),
  enrollUser: async ({ other, admin }) => ({ userId: other.id, courseId: (await writeCourse(admin)).courseId }),
  markLessonComplete: async ({ me, admin }) => {
    const { courseId, lessonIds } = await writeCourse(admin, {}, [{}, {}])
    await enrollIn(me, courseId)
    return { lessonId: lessonIds[0] }
  },
  recordProgress: async ({ me, admin }) => {
    const { courseId, lessonIds } = await writeCourse(admin, {}, [{ kind: 'VIDEO', durationSeconds: 100 }])
    const enrollmentId = await enrollIn(me, courseId)
    const watched = (start: number) => ({
      ...progressEvent(lessonIds[0] ?? '', { kind: 'PROGRESSED', position: start + 10, activeSeconds: 15 }),
      ranges: [
        { start, end: start + 5 },
        { start: start + 7, end: start + 10 },
      ],
    })
    return { enrollmentId, events: [watched(0), watched(20)] }
  },
}

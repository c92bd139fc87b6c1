import { defineProjection } from '@stellr/kit'
import * as topics from '@stellr/schema/events/topics'
import { onEnrollmentChanged, onVersionPublished } from './consumers.ts'
import type { Store } from './store.ts'
import type { VersionKey } from './store/outlines.ts'

/** The outlines of all published versions. */
export const outlinesProjection = defineProjection<Store>({
  name: 'outlines',
  topic: topics.courseVersions,
  consumers: [onVersionPublished],
  // A version never changes, so its aggregate has only one.
  version: async (tx, id) => ((await tx.outline(readKey(id))) ? 1 : null),
  reset: (tx, id) => tx.removeOutline(readKey(id)),
  remove: (tx, id) => tx.removeOutline(readKey(id)),
  aggregates: async (tx, after, limit) => (await tx.outlineKeys(after === null ? null : readKey(after), limit)).map(writeKey),
})

/** Who learns what. How far they are hangs on it and is this domain's own: no row is taken away. */
export const enrollmentsProjection = defineProjection<Store>({
  name: 'enrollments',
  topic: topics.enrollments,
  consumers: onEnrollmentChanged,
  version: async (tx, id) => (await tx.findEnrollment(id))?.version ?? null,
  async reset(tx, id) {
    const isThere = await tx.distrustEnrollment(id)
    if (!isThere && (await tx.lessonProgress(id)).length > 0) {
      throw new Error('the enrollment is gone, and with it how far it was, which no event tells: bring both back from a backup')
    }
  },
  aggregates: (tx, after, limit) => tx.enrollmentIds(after, limit),
})

function readKey(id: string): VersionKey {
  const [courseId = '', version = ''] = id.split(':')
  return { courseId, version: Number(version) }
}

function writeKey({ courseId, version }: VersionKey): string {
  return `${courseId}:${version}`
}

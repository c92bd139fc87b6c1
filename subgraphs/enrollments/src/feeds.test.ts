import { z } from 'zod'
import { expect, test } from 'vitest'
import { enrollmentFeed } from './feeds.ts'

test('what was told before anything could be paid for is read as not paid for', () => {
  const id = '0199a4c0-0006-7071-8071-000600000071'
  const at = '2026-09-05T10:00:00.321Z'
  const enrollment = {
    id,
    userId: id,
    courseId: id,
    instructorId: id,
    courseVersion: 1,
    status: 'ACTIVE' as const,
    attempt: 1,
    enrolledAt: at,
    accessDays: null,
    expiresAt: null,
    priceAmount: 0,
    priceCurrency: 'EUR',
    version: 1,
    createdAt: at,
    updatedAt: at,
  }
  const transition = {
    id,
    enrollmentId: id,
    version: 1,
    from: null,
    to: 'ACTIVE' as const,
    reason: 'enrolled',
    actorId: id,
    eventId: null,
    at,
  }
  const read = z.decode(enrollmentFeed.data, { enrollment, transition })
  expect(read).toMatchObject({ enrollment: { payBy: null, paymentId: null }, transition: { paymentId: null } })
})

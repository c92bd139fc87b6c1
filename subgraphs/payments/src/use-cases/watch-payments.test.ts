import { viewerOf } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type School } from '../testing/school.ts'

let school: School
beforeAll(async () => {
  school = await openSchool()
})
afterAll(() => school.stop())

test('from the cursor of a moment on comes all that becomes of a payment, in order, and to nobody else', async () => {
  const enrolled = await school.enroll()
  const { learner } = enrolled
  const { data } = await school.ask('{ paymentUpdatedCursor }', {}, learner)
  const { id } = await school.pay(enrolled)
  const text = 'subscription ($after: String) { paymentUpdated(after: $after) { cursor payment { id status } } }'
  const heard = await school.listen(text, { after: data.paymentUpdatedCursor }, learner)
  const statuses: string[] = []
  while (statuses.at(-1) !== 'COMPLETED') {
    const update = (await heard.next())?.data.paymentUpdated
    expect(update.payment.id).toBe(id)
    statuses.push(update.payment.status)
  }
  heard.end()
  expect(statuses[0]).toBe('PENDING')
  const another = await (await school.listen(text, { after: data.paymentUpdatedCursor }, viewerOf('STUDENT'))).next()
  expect(another?.codes).toEqual(['BAD_USER_INPUT'])
})

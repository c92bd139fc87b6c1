import { query } from '@stellr/kit/testing'
import { describe, expect, test } from 'vitest'
import { hasKafka, testKafkaBrokers } from '../../kit/src/testing/kafka.ts'
import { must, publishCourse } from '../testkit/courses.ts'
import { openSchool } from '../testkit/school.ts'
import { operate } from './operator.ts'

const ENROLL = 'mutation ($input: EnrollInput!) { enroll(input: $input) { enrollment { id } } }'

describe.skipIf(!hasKafka())('over Apache Kafka', () => {
  test('the same commands tell the lag, make a projection again and take in what was lost', { timeout: 120_000 }, async () => {
    const began = new Date()
    const env = { KAFKA_BROKERS: await testKafkaBrokers(), KAFKA_PREFIX: `operations-${crypto.randomUUID()}.` }
    const school = await openSchool('one-process', env)
    try {
      const events = (...argv: string[]) => operate(school.env, ...argv)
      const sql = (domain: string, text: string) => query(school.env[`${domain.toUpperCase()}_DATABASE_URL`] ?? '', text)
      // By the command itself: until nothing is on its way.
      const settle = () =>
        expect
          .poll(
            async () => {
              const { groups, domains } = (await events('lag', '--json')).json
              return [...groups, ...domains].filter((row) => row.lag > 0 || row.outbox > 0)
            },
            { timeout: 30_000 },
          )
          .toEqual([])
      const teacher = await school.register({ role: 'INSTRUCTOR' })
      const { id: courseId } = await publishCourse(teacher.client)
      await settle()
      await must((await school.register()).client.query(ENROLL, { input: { courseId } }))
      await settle()
      const lag = (await events('lag', '--json')).json.groups
      expect(lag.reduce((sum: number, { end }: { end: number }) => sum + end, 0)).toBeGreaterThan(0)

      const offers = () => sql('enrollments', 'SELECT course_id, status, learner_count, aggregate_version FROM offer')
      const right = await offers()
      expect(right).toMatchObject([{ course_id: courseId, status: 'PUBLISHED', learner_count: 1 }])
      await sql('enrollments', 'DELETE FROM offer')
      expect(await events('rebuild', 'enrollments', 'offers', '--yes')).toMatchObject({ code: 0 })
      expect(await offers()).toEqual(right)

      const learners = () => sql('courses', 'SELECT id, course_id, status, version FROM enrollment')
      const known = await learners()
      expect(known).toHaveLength(1)
      await sql('courses', 'DELETE FROM enrollment; DELETE FROM stellr.inbox')
      const replayed = await events('replay-from', 'courses', began.toISOString(), '--yes', '--json')
      expect(replayed).toMatchObject({ code: 0, json: { handled: 1, known: 0, parked: 0 } })
      expect(await learners()).toEqual(known)
      expect((await events('replay-from', 'courses', began.toISOString(), '--yes', '--json')).json).toMatchObject({ handled: 0, known: 1 })
    } finally {
      await school.close()
    }
  })
})

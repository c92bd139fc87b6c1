import { hasKafka, testKafkaBrokers } from '@stellr/kit/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { openSchool, topologies, type School } from './school.ts'

/** A story that must go the same way in both topologies, and over both event logs: every reply is compared to the byte. */
export function journey(name: string, story: (school: School) => Promise<void>): void {
  const transcripts: string[] = []
  const play = async (opening: Promise<School>) => {
    const school = await opening
    try {
      await story(school)
      transcripts.push(school.transcript())
    } finally {
      await school.close()
    }
  }
  test.each(topologies)(`${name} (%s)`, { timeout: 60_000 }, async (topology) => play(openSchool(topology)))
  describe.skipIf(!hasKafka())('on Kafka', () => {
    beforeAll(testKafkaBrokers, 60_000)
    test(`${name} (distributed on Kafka)`, { timeout: 60_000 }, async () =>
      play(openSchool('distributed', { KAFKA_BROKERS: await testKafkaBrokers() })),
    )
  })
  test(`${name}: all answer alike`, () => {
    expect(transcripts).toHaveLength(topologies.length + (hasKafka() ? 1 : 0))
    expect(new Set(transcripts).size).toBe(1)
  })
}

import { expect, test } from 'vitest'
import { openSchool, topologies, type School } from './school.ts'

/** A story that must go the same way in both topologies: every reply is compared to the byte. */
export function journey(name: string, story: (school: School) => Promise<void>): void {
  const transcripts: string[] = []
  test.each(topologies)(`${name} (%s)`, { timeout: 60_000 }, async (topology) => {
    const school = await openSchool(topology)
    try {
      await story(school)
      transcripts.push(school.transcript())
    } finally {
      await school.close()
    }
  })
  test(`${name}: both topologies answer alike`, () => {
    const [one, other] = transcripts
    expect(transcripts).toHaveLength(topologies.length)
    expect(other).toBe(one)
  })
}

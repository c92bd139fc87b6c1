import { hasKafka } from '@stellr/kit/testing'
import { expect, test } from 'vitest'
import type { School } from './school.ts'
import { onKafka, ways as topologies, type Way } from './ways.ts'

/** A story that must go the same way in both topologies, and on Kafka where there is one: every reply is compared to the byte. */
export function journey(name: string, story: (school: School) => Promise<void>): void {
  play(name, story, hasKafka() ? [...topologies, onKafka] : topologies)
}

/** The same for a story in which events have no part. */
export function journeyWithoutEvents(name: string, story: (school: School) => Promise<void>): void {
  play(name, story, topologies)
}

function play(name: string, story: (school: School) => Promise<void>, ways: readonly Way[]): void {
  const transcripts: string[] = []
  test.each(ways)(`${name} ($name)`, { timeout: 60_000 }, async ({ open }) => {
    const school = await open()
    try {
      await story(school)
      transcripts.push(school.transcript())
    } finally {
      await school.close()
    }
  })
  test(`${name}: all answer alike`, () => {
    expect(transcripts).toHaveLength(ways.length)
    expect(new Set(transcripts).size).toBe(1)
  })
}

import { hasKafka } from '@stellr/kit/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { School } from './school.ts'
import { onKafka, ways as topologies, type Way } from './ways.ts'

/** What people do, and what they must see of it. */
export type Story = (school: School) => Promise<void>

/** A story that must go the same way in both topologies, and on Kafka where there is one: every reply is compared to the byte. */
export function journey(name: string, story: Story): void {
  play(name, story, allWays())
}

/** Several such stories, told one after another in the same school: opening one takes longer than most of them. */
export function journeys(stories: Readonly<Record<string, Story>>): void {
  const ways = allWays()
  const transcripts = new Map<string, string[]>(Object.keys(stories).map((name) => [name, []]))
  describe.each(ways)('$name', ({ open }) => {
    let school: School
    beforeAll(async () => {
      school = await open()
    })
    afterAll(() => school.close())
    test.each(Object.entries(stories))('%s', { timeout: 60_000 }, async (name, story) => {
      const before = school.transcript().length
      await story(school)
      transcripts.get(name)?.push(school.transcript().slice(before))
    })
  })
  test.each([...transcripts])('%s: all answer alike', (_name, answers) => expectAlike(answers, ways))
}

/** The same for a story in which events have no part. */
export function journeyWithoutEvents(name: string, story: Story): void {
  play(name, story, topologies)
}

function allWays(): readonly Way[] {
  return hasKafka() ? [...topologies, onKafka] : topologies
}

function play(name: string, story: Story, ways: readonly Way[]): void {
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
  test(`${name}: all answer alike`, () => expectAlike(transcripts, ways))
}

function expectAlike(transcripts: readonly string[], ways: readonly Way[]): void {
  expect(transcripts).toHaveLength(ways.length)
  for (const transcript of transcripts) expect(transcript).toBe(transcripts[0])
}

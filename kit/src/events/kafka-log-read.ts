import { randomUUID } from 'node:crypto'
import type { EachBatchPayload } from 'kafkajs'
import type { Logger } from '../log.ts'
import type { AdminUse, Client } from './kafka-log-client.ts'
import { readRecord } from './kafka-log-records.ts'
import type { LogRecord } from './log.ts'

export interface ReadOptions {
  open: () => Client
  use: AdminUse
  prefix: string
  log: Logger
}

interface Stretch {
  partition: number
  next: bigint
  end: bigint
}

/**
 * Reads a topic as it is now. kafkajs reads only as a member of a group: this one is of nobody else, marks no offset and is gone
 * with its only member. See EventLog.read.
 */
export async function* readTopic({ open, use, prefix, log }: ReadOptions, topic: string, from?: Date): AsyncGenerator<LogRecord> {
  const name = prefix + topic
  const stretches = await stretchesOf(use, prefix, topic, from)
  const client = open()
  const consumer = client.kafka.consumer({
    groupId: `${prefix}reader-${randomUUID()}`,
    sessionTimeout: 30_000,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 250,
    maxBytesPerPartition: 256 * 1024,
    retry: { restartOnFailure: async () => false },
  })
  const { promise: broken, reject: fail } = Promise.withResolvers<never>()
  broken.catch(() => {})
  const page = handover<LogRecord[]>()
  let current = stretches.shift()

  // The next stretch is read when the one before is done, from where it was left if the group had to be joined again.
  function aim(): void {
    consumer.pause([{ topic: name }])
    if (!current) return
    consumer.seek({ topic: name, partition: current.partition, offset: String(current.next) })
    consumer.resume([{ topic: name, partitions: [current.partition] }])
  }

  async function eachBatch({ batch, resolveOffset, heartbeat, isStale }: EachBatchPayload): Promise<void> {
    const stretch = current
    if (!stretch || batch.partition !== stretch.partition || isStale()) return
    const messages = batch.messages.filter(({ offset }) => BigInt(offset) >= stretch.next && BigInt(offset) < stretch.end)
    stretch.next = BigInt(batch.lastOffset()) + 1n
    resolveOffset(batch.lastOffset())
    const records = messages.flatMap((message) => readRecord(topic, batch.partition, message, log))
    if (records.length > 0) await page.give(records, heartbeat)
    if (stretch.next >= stretch.end) proceed(stretch)
  }

  function proceed(done: Stretch): void {
    if (current !== done) return
    current = stretches.shift()
    if (current) aim()
    else page.end()
  }

  // Retention may take away all that was still to be read, and then nothing arrives.
  async function lookAgain(): Promise<void> {
    const stretch = current
    if (!stretch) return
    const ends = await use((admin) => admin.fetchTopicOffsets(name))
    const low = BigInt(ends.find(({ partition }) => partition === stretch.partition)?.low ?? 0)
    if (low >= stretch.end) proceed(stretch)
  }

  if (!current) {
    client.kill()
    return
  }
  consumer.on(consumer.events.CRASH, ({ payload }) => fail(payload.error))
  consumer.on(consumer.events.GROUP_JOIN, aim)
  const looking = setInterval(() => void lookAgain().catch(fail), LOOK_AGAIN_MS)
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [name], fromBeginning: true })
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch })
    for (;;) {
      const records = await Promise.race([page.take(), broken])
      if (!records) return
      yield* records
    }
  } finally {
    clearInterval(looking)
    current = undefined
    page.end()
    await consumer.disconnect().catch((error: unknown) => log.debug({ err: error }, 'a reader did not leave'))
    client.kill()
  }
}

const LOOK_AGAIN_MS = 5_000

async function stretchesOf(use: AdminUse, prefix: string, topic: string, from: Date | undefined): Promise<Stretch[]> {
  const name = prefix + topic
  return use(async (admin) => {
    if (!(await admin.listTopics()).includes(name)) throw new Error(`No topic is called ${topic}`)
    const ends = await admin.fetchTopicOffsets(name)
    const since = from ? await admin.fetchTopicOffsetsByTimestamp(name, from.getTime()) : []
    const firstOf = (partition: number, low: string) => since.find((start) => start.partition === partition)?.offset ?? low
    return ends
      .map(({ partition, low, high }) => ({ partition, next: BigInt(firstOf(partition, low)), end: BigInt(high) }))
      .filter(({ next, end }) => next < end)
      .toSorted((a, b) => a.partition - b.partition)
  })
}

interface Handover<T> {
  /** Resolves when it has been taken; says that it is alive as long as it waits. */
  give(item: T, alive: () => Promise<void>): Promise<void>
  /** Undefined when there will be nothing more. */
  take(): Promise<T | undefined>
  end(): void
}

/** From one who fetches to one who reads, one page at a time. */
function handover<T>(): Handover<T> {
  let offered: { item: T; taken: () => void } | undefined
  let ended = false
  let wake = () => {}
  return {
    async give(item, alive) {
      if (ended) return
      const beat = setInterval(() => void alive().catch(() => {}), 1_000)
      await new Promise<void>((taken) => {
        offered = { item, taken }
        wake()
      })
      clearInterval(beat)
    },
    async take() {
      while (!offered && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      const got = offered
      offered = undefined
      got?.taken()
      return got?.item
    },
    end() {
      ended = true
      offered?.taken()
      wake()
    },
  }
}

import { execFile } from 'node:child_process'
import type { Socket } from 'node:net'
import { promisify } from 'node:util'
import kafkajs, { type KafkaMessage } from 'kafkajs'
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { systemRandom } from '../ids.ts'
import { createLogger } from '../log.ts'
import { fromRoot } from '../paths.ts'
import { counterEvent, countersTopic } from '../testing/fixture/counters.ts'
import { openTestedKafkaLog, type TestedKafkaLog } from '../testing/fixture/kafka.ts'
import { hasKafka, testKafkaBrokers } from '../testing/kafka.ts'
import type { KafkaLogOptions } from './kafka-log.ts'

// What only Kafka can show; what every event log promises is in kafka-log.test.ts.
const { id } = systemRandom

async function open(options: Partial<KafkaLogOptions> = {}): Promise<TestedKafkaLog> {
  const log = await openTestedKafkaLog(options)
  onTestFinished(() => log.close())
  return log
}

/** A client beside ours, as an operator's tools would be. */
async function operator({ settings: { brokers } }: TestedKafkaLog) {
  const kafka = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  onTestFinished(() => admin.disconnect())
  return { kafka, admin }
}

/** What a logger was told at warn or above. */
function listener() {
  const lines: { msg: string }[] = []
  const log = createLogger({ name: 'test', level: 'warn', destination: { write: (line) => void lines.push(JSON.parse(line)) } })
  return { log, lines }
}

describe.skipIf(!hasKafka())('the Kafka log by itself', () => {
  beforeAll(testKafkaBrokers, 60_000)

  test('an event is a CloudEvent whose key is the aggregate', async () => {
    const log = await open()
    await log.ensureTopics([countersTopic])
    const event = counterEvent(id(), 1)
    await log.append('counters', [event])
    const [message] = await messagesOf(log, 'counters', 1)
    expect(String(message?.key)).toBe(event.subject)
    expect(JSON.parse(String(message?.value))).toEqual(event)
    expect(String(message?.headers?.['content-type'])).toBe('application/cloudevents+json; charset=UTF-8')
  })

  test('topics get their partitions, retention and compaction, also later, and keep what an operator has set besides', async () => {
    const { log: told, lines } = listener()
    const log = await open({ log: told })
    const { admin } = await operator(log)
    const name = `${log.settings.prefix}counters`
    await log.ensureTopics([countersTopic])
    expect(await configOf(log, name)).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': String(7 * 86_400_000) })
    const segments = [{ name: 'segment.ms', value: '3600000' }]
    const before = Object.entries(await configOf(log, name)).map(([key, value]) => ({ name: key, value }))
    const altered = { type: kafkajs.ConfigResourceTypes.TOPIC, name, configEntries: [...before, ...segments] }
    await admin.alterConfigs({ validateOnly: false, resources: [altered] })
    await log.ensureTopics([{ ...countersTopic, partitions: 9, retentionDays: 30, compacted: true }])
    const compacted = { 'cleanup.policy': 'compact', 'min.compaction.lag.ms': String(30 * 86_400_000), 'segment.ms': '3600000' }
    await expect.poll(() => configOf(log, name)).toMatchObject(compacted)
    const { topics } = await admin.fetchTopicMetadata({ topics: [name] })
    expect(topics[0]?.partitions).toHaveLength(4)
    expect(lines).toEqual([expect.objectContaining({ msg: 'a living topic keeps its number of partitions', partitions: 4, wanted: 9 })])
  })

  test('an answer that is lost makes nothing come twice, and nothing that follows is taken for a repetition', async () => {
    const log = await open()
    await log.ensureTopics([countersTopic])
    const one = id()
    await log.append('counters', [counterEvent(one, 1)])
    for (const socket of log.sockets) loseAnswerToNextSend(socket)
    await Promise.all([2, 3, 4].map((version) => log.append('counters', [counterEvent(one, version)])))
    const versions = (await messagesOf(log, 'counters', 4)).map(({ value }) => JSON.parse(String(value)).aggregateversion)
    expect(versions).toEqual([1, 2, 3, 4])
  })

  test('Kafka that is away holds up nobody but those who append, says so once, and is used as soon as it is there', async () => {
    const { log: told, lines } = listener()
    const log = await open({ log: told })
    log.cut()
    const seen = vi.fn(async () => {})
    await log.ensureTopics([countersTopic])
    await log.subscribe('readers', [countersTopic], seen)
    const began = Date.now()
    await expect(log.append('counters', [counterEvent(id(), 1)])).rejects.toThrow()
    await expect(log.lag('readers')).rejects.toThrow()
    expect(Date.now() - began).toBeLessThan(10_000)
    log.heal()
    await vi.waitFor(() => log.append('counters', [counterEvent(id(), 1)]), { timeout: 10_000, interval: 50 })
    await expect.poll(() => seen.mock.calls.length).toBeGreaterThan(0)
    expect(lines.map(({ msg }) => msg)).toEqual(['Kafka does not serve us; trying again until it does'])
  })

  test('a member that was cut off goes on where it was, without waiting for its old session to end', async () => {
    const { log: told, lines } = listener()
    const log = await open({ log: told, sessionTimeoutMs: 20_000 })
    const versions: number[] = []
    await log.subscribe('readers', [countersTopic], async (records) => {
      versions.push(...records.map(({ event }) => event.aggregateversion))
    })
    const one = id()
    await log.append('counters', [counterEvent(one, 1)])
    await expect.poll(() => log.lag('readers')).toBe(0)
    log.cut()
    await expect.poll(() => lines).toHaveLength(1)
    log.heal()
    await vi.waitFor(() => log.append('counters', [counterEvent(one, 2)]), { timeout: 10_000, interval: 50 })
    await expect.poll(() => versions).toEqual([1, 2])
  })

  test('while members come and go nothing is lost, and the events of one aggregate are first seen in their order', async () => {
    const log = await open({ batch: 5 })
    await log.ensureTopics([countersTopic])
    const ids = Array.from({ length: 8 }, id)
    const seen = new Map<string, Set<number>>(ids.map((one) => [one, new Set<number>()]))
    const hear = (member: TestedKafkaLog) =>
      member.subscribe('readers', [countersTopic], async (records) => {
        await new Promise((resolve) => setTimeout(resolve, 2))
        for (const { event } of records) seen.get(event.subject)?.add(event.aggregateversion)
      })
    const rounds = 60
    const appending = (async () => {
      for (let version = 1; version <= rounds; version += 1) {
        await log.append(
          'counters',
          ids.map((one) => counterEvent(one, version)),
        )
        await new Promise((resolve) => setTimeout(resolve, 30))
      }
    })()
    await hear(log)
    for (let turn = 0; turn < 3; turn += 1) {
      const other = await open({ settings: log.settings, batch: 5 })
      const subscription = await hear(other)
      if (turn === 1) other.cut()
      else await subscription.stop()
    }
    await appending
    await expect.poll(() => log.lag('readers')).toBe(0)
    const all = Array.from({ length: rounds }, (_, index) => index + 1)
    for (const versions of seen.values()) expect([...versions]).toEqual(all)
  })

  test('a handler that hangs is told that its time is up, and its batch comes again', async () => {
    const log = await open({ batchTimeoutMs: 400 })
    const lost = Promise.withResolvers<unknown>()
    const handled: number[] = []
    let hung = false
    await log.subscribe('readers', [countersTopic], async (records, signal) => {
      if (!hung) {
        hung = true
        signal.addEventListener('abort', () => lost.resolve(signal.reason))
        await new Promise(() => {})
      }
      handled.push(...records.map(({ event }) => event.aggregateversion))
    })
    await log.append('counters', [counterEvent(id(), 1)])
    expect(String(await lost.promise)).toMatch(/The partition was lost: the batch took longer than 400 ms/)
    await expect.poll(() => handled).toEqual([1])
  })

  test('what is no event is skipped, and a group that retention has overtaken goes on with what is left', async () => {
    const log = await open()
    await log.ensureTopics([countersTopic])
    const { admin, kafka } = await operator(log)
    const one = id()
    const before = await log.subscribe('readers', [countersTopic], async () => {})
    await log.append('counters', [counterEvent(one, 1), counterEvent(one, 2)])
    await before.stop()
    await log.append('counters', [counterEvent(one, 3), counterEvent(one, 4)])
    const topic = `${log.settings.prefix}counters`
    const end = (await admin.fetchTopicOffsets(topic)).find(({ high }) => high !== '0')
    const partition = end?.partition ?? 0
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: '3' }] })
    const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
    await producer.connect()
    await producer.send({ topic, messages: ['no event', '"text"', 'null'].map((value) => ({ partition, value })) })
    await producer.disconnect()
    await log.append('counters', [counterEvent(one, 5)])
    const versions: number[] = []
    await log.subscribe('readers', [countersTopic], async (records) => {
      versions.push(...records.map(({ event }) => event.aggregateversion))
    })
    await expect.poll(() => log.lag('readers')).toBe(0)
    expect(versions).toEqual([4, 5])
  })

  test('a clean run prints no warning', async () => {
    const { brokers, prefix } = (await open()).settings
    const env = { PATH: '', KAFKA_BROKERS: brokers.join(','), KAFKA_PREFIX: prefix }
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [fromRoot('kit/src/testing/fixture/kafka-process.ts')], { env })
    expect(stderr).toBe('')
    const lines = stdout
      .trim()
      .split('\n')
      .map((line): { level: number; msg: string } => JSON.parse(line))
    expect(lines.filter(({ level }) => level > 30)).toEqual([])
    expect(lines.at(-1)).toMatchObject({ msg: 'done', read: 20 })
  })
})

// As a connection does that breaks after the broker has taken what was sent.
function loseAnswerToNextSend(socket: Socket): void {
  const write = socket.write.bind(socket)
  let sent = false
  socket.write = (chunk: Buffer, ...rest: never[]) => {
    sent ||= chunk.readInt16BE(4) === PRODUCE
    return write(chunk, ...rest)
  }
  const emit = socket.emit.bind(socket)
  socket.emit = (name: string, ...args: unknown[]) => {
    if (!sent || name !== 'data') return emit(name, ...args)
    socket.destroy(new Error('the answer was lost'))
    return true
  }
}

const PRODUCE = 0

async function configOf(log: TestedKafkaLog, name: string): Promise<Record<string, string>> {
  const { admin } = await operator(log)
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name }],
  })
  const own = resources[0]?.configEntries.filter(({ configSource }) => configSource === kafkajs.ConfigSource.TOPIC_CONFIG) ?? []
  return Object.fromEntries(own.map(({ configName, configValue }) => [configName, configValue]))
}

async function messagesOf(log: TestedKafkaLog, topic: string, count: number): Promise<KafkaMessage[]> {
  const { kafka } = await operator(log)
  const consumer = kafka.consumer({ groupId: `${log.settings.prefix}messages`, maxWaitTimeInMs: 100 })
  const found: KafkaMessage[] = []
  await consumer.connect()
  await consumer.subscribe({ topics: [log.settings.prefix + topic], fromBeginning: true })
  await consumer.run({ eachMessage: async ({ message }) => void found.push(message) })
  await expect.poll(() => found.length).toBeGreaterThanOrEqual(count)
  await consumer.disconnect()
  return found
}

import type { Logger } from '../log.ts'
import type { Topic } from './contracts.ts'
import { createAppender, type Appender } from './kafka-log-appender.ts'
import { createAdmin, createClient, isPassing, type Connect } from './kafka-log-client.ts'
import type { KafkaSettings } from './kafka-log-config.ts'
import { createSlots } from './kafka-log-lane.ts'
import { startMember, type Member } from './kafka-log-member.ts'
import { readPositions } from './kafka-log-positions.ts'
import { readTopic } from './kafka-log-read.ts'
import { ensureTopics, isTopic } from './kafka-log-topics.ts'
import type { EventLog } from './log.ts'

export interface KafkaLogOptions {
  settings: KafkaSettings
  log: Logger
  /** How many partitions one subscription works on at once. */
  concurrency?: number
  /** How many records a batch has at most. */
  batch?: number
  /** After how long a member that says nothing loses its partitions. */
  sessionTimeoutMs?: number
  /** After how long a batch counts as failed whatever its handler does. */
  batchTimeoutMs?: number
  /** How connections are made; left out, as the settings say. */
  connect?: Connect
}

/**
 * The event log over Apache Kafka. Nothing waits for the brokers but those who append: where they are away, also at the start,
 * it says so once and goes on trying, and all else works meanwhile.
 */
export function openKafkaLog(options: KafkaLogOptions): EventLog {
  const {
    settings,
    log,
    concurrency = 2,
    batch = 100,
    sessionTimeoutMs = settings.sessionTimeoutMs,
    batchTimeoutMs = 60_000,
    connect,
  } = options
  const { prefix, replicationFactor } = settings
  const open = () => createClient(settings, log, connect)
  const { use, close: closeAdmin } = createAdmin(open)
  const report = createReport(log)
  const declared = new Map<string, Topic>()
  const ensured = new Set<string>()
  const appenders = new Map<string, Appender>()
  const members = new Set<{ group: string; topics: readonly string[]; member: Member }>()

  async function ensure(topics: readonly Topic[]): Promise<void> {
    const fresh = topics.filter(({ name }) => !ensured.has(name))
    if (fresh.length > 0) await ensureTopics({ use, prefix, replicationFactor, log }, fresh)
    for (const { name } of fresh) ensured.add(name)
  }

  async function requireTopic(name: string): Promise<void> {
    const topic = declared.get(name)
    if (ensured.has(name)) return
    if (topic) return ensure([topic])
    if (!(await isTopic(use, prefix + name))) throw new Error(`No topic is called ${name}: it must be ensured before it is appended to`)
    ensured.add(name)
  }

  function appenderOf(name: string): Appender {
    const appender = appenders.get(name) ?? createAppender(prefix + name, open)
    appenders.set(name, appender)
    return appender
  }

  return {
    async ensureTopics(topics) {
      for (const topic of topics) {
        declared.set(topic.name, topic)
        ensured.delete(topic.name)
      }
      try {
        await ensure(topics)
        report(null)
      } catch (error) {
        // Whoever appends to one of them first tries again.
        report(error)
      }
    },
    async append(topic, events) {
      if (events.length === 0) return
      await requireTopic(topic)
      await appenderOf(topic).append(events)
    },
    async subscribe(group, topics, handler) {
      for (const topic of topics) declared.set(topic.name, topic)
      const names = topics.map(({ name }) => name)
      const member = startMember({
        group,
        handler,
        log,
        batch,
        batchTimeoutMs,
        topics: names,
        prefix,
        open,
        use,
        slots: createSlots(concurrency),
        sessionTimeoutMs,
        prepare: () => ensure(topics),
        onOutcome: report,
      })
      const entry = { group, topics: names, member }
      members.add(entry)
      await member.begun
      return {
        async stop() {
          members.delete(entry)
          await member.stop()
        },
      }
    },
    async lag(group) {
      const positions = await this.positions(group)
      return positions.reduce((sum, { next, end }) => sum + Math.max(0, Number(end - next)), 0)
    },
    async positions(group) {
      // A topic that the group has lost interest in would lag for ever.
      const wanted = [...members].filter((member) => member.group === group).flatMap(({ topics }) => topics)
      const names = wanted.length > 0 ? [...new Set(wanted)].map((name) => prefix + name) : null
      return readPositions(use, prefix + group, names, prefix)
    },
    read: (topic, from) => readTopic({ open, use, prefix, log }, topic, from),
    async close() {
      await Promise.all([...members].map(({ member }) => member.stop()))
      await Promise.all([...appenders.values()].map((appender) => appender.close()))
      await closeAdmin()
    },
  }
}

const PASSES_WITHIN_MS = 5_000

/** Says once that the brokers cannot be reached, and once that they can be again. */
function createReport(log: Logger): (error: unknown) => void {
  let away = false
  let failingSince: number | null = null
  return (error) => {
    failingSince = error === null ? null : (failingSince ?? Date.now())
    if (error === null) {
      if (away) log.info('Kafka serves us again')
      away = false
    } else if (away || (isPassing(error) && Date.now() - (failingSince ?? 0) < PASSES_WITHIN_MS)) {
      log.debug({ err: error }, 'Kafka does not serve us yet')
    } else {
      log.warn({ err: error }, 'Kafka does not serve us; trying again until it does')
      away = true
    }
  }
}

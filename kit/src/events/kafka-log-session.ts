import { PartitionAssigners, type Cluster, type EachBatchPayload, type PartitionAssigner } from 'kafkajs'
import type { Client, AdminUse } from './kafka-log-client.ts'
import { createLane, type Handling, type Lane, type Slots } from './kafka-log-lane.ts'
import { takeStock } from './kafka-log-positions.ts'
import { readRecord } from './kafka-log-records.ts'

export interface SessionOptions extends Handling {
  /** Without their prefix, as `group` is. */
  topics: readonly string[]
  prefix: string
  open: () => Client
  use: AdminUse
  slots: Slots
  /** After how long a member that says nothing loses its partitions. */
  sessionTimeoutMs: number
  onJoined: () => void
  /** As whom this member was in the group before it was cut off. */
  former: string | null
}

/** One membership in a group, from joining to the first failure that kafkajs does not overcome by itself. */
export interface Session {
  /** Rejects when it is over. */
  broken: Promise<never>
  /** As whom it is in the group; null before it has joined. */
  readonly memberId: string | null
  /** Finishes the batches in hand, then leaves the group. */
  stop(): Promise<void>
  /** Lets go of everything at once. */
  abandon(reason: string): Promise<void>
}

export function startSession(options: SessionOptions): Session {
  const { group, topics, prefix, open, use, slots, sessionTimeoutMs, onJoined, former, log } = options
  const client = open()
  const { promise: broken, reject: fail } = Promise.withResolvers<never>()
  broken.catch(() => {})
  let lanes = new Map<string, Lane>()
  // What was fetched is taken only between joining and the next sharing out, from where the group had come to when we joined.
  let starts: Promise<Map<string, bigint>> | null = null
  let stopping = false
  let heardAt = Date.now()
  let memberId: string | null = null
  let cluster: Cluster | undefined

  const consumer = client.kafka.consumer({
    groupId: prefix + group,
    partitionAssigners: [
      beforeJoining(
        (its) => {
          cluster = its
        },
        () => loseAll('the group shares its partitions out anew'),
      ),
    ],
    sessionTimeout: sessionTimeoutMs,
    // Members hear of a sharing out with their next heartbeat.
    rebalanceTimeout: sessionTimeoutMs,
    heartbeatInterval: Math.min(1_000, sessionTimeoutMs / 5),
    allowAutoTopicCreation: false,
    minBytes: 1,
    // A waiting fetch is answered as soon as there is something; this is how soon one that waits can be changed or ended.
    maxWaitTimeInMs: 250,
    maxBytesPerPartition: 256 * 1024,
    retry: { retries: 2, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: async () => false },
  })
  consumer.on(consumer.events.CRASH, ({ payload }) => fail(payload.error))
  consumer.on(consumer.events.HEARTBEAT, () => {
    heardAt = Date.now()
  })
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    heardAt = Date.now()
    memberId = payload.memberId
    // kafkajs holds back for ever what was held back when it was lost, whoever had it in between.
    if (!stopping) consumer.resume(consumer.paused())
    const stock = takeStock(use, consumer, prefix + group, payload.memberAssignment)
    starts = stock
    stock.then(() => starts === stock && onJoined(), fail)
  })

  function loseAll(reason: string): void {
    starts = null
    for (const lane of lanes.values()) lane.lose(reason)
    lanes = new Map()
  }

  async function eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, isRunning, isStale, resolveOffset } = payload
    const current = starts
    const known = await current
    // Otherwise what nobody takes any longer would be fetched again and again.
    if (stopping) return steering(payload).hold()
    if (!known || current !== starts || !isRunning() || isStale()) return
    const key = `${batch.topic} ${batch.partition}`
    const start = known.get(key)
    if (start === undefined) return
    const lane = lanes.get(key) ?? createLane(start, slots, steering(payload), options)
    lanes.set(key, lane)
    const fetchedFrom: unknown = Reflect.get(batch, 'fetchedOffset')
    if (String(fetchedFrom) !== String(lane.position)) {
      // Fetched before the partition changed hands, or before a batch of it failed.
      consumer.seek({ topic: batch.topic, partition: batch.partition, offset: String(lane.position) })
      return
    }
    const records = batch.messages.flatMap((message) => readRecord(batch.topic.slice(prefix.length), batch.partition, message, log))
    lane.take(records, BigInt(batch.lastOffset()) + 1n)
    resolveOffset(batch.lastOffset())
  }

  function steering({ batch: { topic, partition }, commitOffsetsIfNecessary }: EachBatchPayload) {
    return {
      hold: () => consumer.pause([{ topic, partitions: [partition] }]),
      go: () => consumer.resume([{ topic, partitions: [partition] }]),
      rewind: (offset: bigint) => consumer.seek({ topic, partition, offset: String(offset) }),
      commit: (next: bigint) => commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: String(next) }] }] }),
    }
  }

  async function begin(): Promise<void> {
    await consumer.connect()
    await consumer.subscribe({ topics: topics.map((name) => prefix + name), fromBeginning: true })
    if (former !== null && cluster) await leaveFor(cluster, prefix + group, former)
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch })
  }
  begin().catch(fail)

  // The brokers give the partitions of a member that they do not hear to others, and it must not think them its own any longer.
  const watch = setInterval(() => {
    const silentMs = Date.now() - heardAt
    const limitMs = starts ? sessionTimeoutMs : 2 * sessionTimeoutMs
    if (silentMs > limitMs) fail(new Error(`nothing was heard from the brokers for ${silentMs} ms`))
  }, sessionTimeoutMs / 5)

  async function end(limitMs: number): Promise<void> {
    clearInterval(watch)
    await within(limitMs, consumer.disconnect()).catch((error: unknown) => log.debug({ err: error, group }, 'a consumer did not leave'))
    client.kill()
  }

  return {
    broken,
    get memberId() {
      return memberId
    },
    async stop() {
      stopping = true
      const finished = Promise.all([...lanes.values()].map((lane) => lane.finish()))
      try {
        await Promise.race([finished, broken])
        await end(LEAVE_MS)
      } catch {
        await this.abandon('its member was cut off')
        await finished
      }
    },
    async abandon(reason) {
      stopping = true
      loseAll(reason)
      await end(LEAVE_BROKEN_MS)
    },
  }
}

const LEAVE_MS = 3_000
// There may be nobody to say good-bye to.
const LEAVE_BROKEN_MS = 300

/** kafkajs shows its assigner the cluster, and asks it what to say just before it joins: from then on partitions may be given to others. */
function beforeJoining(meet: (cluster: Cluster) => void, call: () => void): PartitionAssigner {
  return (config) => {
    meet(config.cluster)
    const inner = PartitionAssigners.roundRobin(config)
    return {
      name: inner.name,
      version: inner.version,
      assign: (sharing) => inner.assign(sharing),
      protocol(subscription) {
        call()
        return inner.protocol(subscription)
      },
    }
  }
}

/**
 * Says good-bye for a member that could not when it was cut off: otherwise the group waits for it as long as a session lasts.
 * What kafkajs declares of its brokers leaves this out.
 */
async function leaveFor(cluster: Cluster, groupId: string, memberId: string): Promise<void> {
  const coordinator: object = await cluster.findGroupCoordinator({ groupId })
  const leaveGroup: unknown = Reflect.get(coordinator, 'leaveGroup')
  if (typeof leaveGroup !== 'function') return
  // The group may have forgotten it by itself.
  await Promise.resolve(leaveGroup.call(coordinator, { groupId, memberId })).catch(() => {})
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`it took longer than ${ms} ms`)), ms)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}

// Node finds only some of its names in it.
import kafkajs, { type Admin, type IResourceConfigEntry } from 'kafkajs'
import type { Logger } from '../log.ts'
import type { Topic } from './contracts.ts'
import type { AdminUse } from './kafka-log-client.ts'

export interface TopicsOptions {
  use: AdminUse
  prefix: string
  /** Left out, what the brokers say. */
  replicationFactor: number | undefined
  log: Logger
}

/** Creates topics that are missing and brings retention and compaction of the others up to date. */
export async function ensureTopics({ use, prefix, replicationFactor = -1, log }: TopicsOptions, topics: readonly Topic[]): Promise<void> {
  await use(async (admin) => {
    const known = new Set(await admin.listTopics())
    const missing = topics.filter(({ name }) => !known.has(prefix + name))
    if (missing.length > 0) {
      await admin.createTopics({
        topics: missing.map((topic) => ({
          topic: prefix + topic.name,
          numPartitions: topic.partitions,
          replicationFactor,
          configEntries: wantedConfig(topic),
        })),
      })
    }
    // Another process may have created them in this moment: not before a broker knows them are they of any use.
    await compareSizes(admin, topics, prefix, log)
    const living = topics.filter((topic) => !missing.includes(topic))
    if (living.length > 0) await updateConfigs(admin, living, prefix)
  })
}

/** Whether the brokers have a topic of this whole name. */
export async function isTopic(use: AdminUse, name: string): Promise<boolean> {
  return (await use((admin) => admin.listTopics())).includes(name)
}

const DAY_MS = 86_400_000
// The outline of the largest course is far larger than what a broker takes by default.
const MOST_BYTES = 8 * 1024 * 1024

function wantedConfig({ retentionDays, compacted = false }: Topic): IResourceConfigEntry[] {
  const keptMs = String(retentionDays * DAY_MS)
  const entries = compacted
    ? { 'cleanup.policy': 'compact', 'min.compaction.lag.ms': keptMs }
    : { 'cleanup.policy': 'delete', 'retention.ms': keptMs }
  return Object.entries({ ...entries, 'max.message.bytes': String(MOST_BYTES) }).map(([name, value]) => ({ name, value }))
}

// What is altered replaces everything that was set for the topic: what an operator has set besides is written back.
async function updateConfigs(admin: Admin, topics: readonly Topic[], prefix: string): Promise<void> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map(({ name }) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name: prefix + name })),
  })
  const stale = topics.flatMap((topic) => {
    const found = resources.find(({ resourceName }) => resourceName === prefix + topic.name)?.configEntries ?? []
    const own = found.filter(({ configSource }) => configSource === kafkajs.ConfigSource.TOPIC_CONFIG)
    const set = new Map(own.map(({ configName, configValue }) => [configName, configValue]))
    const wanted = wantedConfig(topic)
    if (wanted.every(({ name, value }) => set.get(name) === value)) return []
    for (const { name, value } of wanted) set.set(name, value)
    return [{ name: prefix + topic.name, configEntries: [...set].map(([name, value]) => ({ name, value })) }]
  })
  if (stale.length === 0) return
  await admin.alterConfigs({ validateOnly: false, resources: stale.map((each) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, ...each })) })
}

async function compareSizes(admin: Admin, topics: readonly Topic[], prefix: string, log: Logger): Promise<void> {
  const { topics: found } = await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => prefix + name) })
  for (const topic of topics) {
    const partitions = found.find(({ name }) => name === prefix + topic.name)?.partitions.length
    if (partitions === undefined || partitions === topic.partitions) continue
    // An aggregate's events would lie in two partitions, in no order.
    log.warn({ topic: topic.name, partitions, wanted: topic.partitions }, 'a living topic keeps its number of partitions')
  }
}

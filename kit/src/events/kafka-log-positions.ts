import type { Admin, Assignment, Consumer } from 'kafkajs'
import type { AdminUse } from './kafka-log-client.ts'
import type { Position } from './log.ts'

/** Where a group stands; `topics` are whole names, null means all that it ever asked for. In order of topic and partition. */
export async function readPositions(use: AdminUse, groupId: string, topics: readonly string[] | null, prefix: string): Promise<Position[]> {
  return use(async (admin) => {
    const marked = await markedOffsets(admin, groupId, topics)
    const positions: Position[] = []
    for (const [topic, offsets] of [...marked].toSorted(([a], [b]) => a.localeCompare(b))) {
      const ends = (await admin.fetchTopicOffsets(topic)).toSorted((a, b) => a.partition - b.partition)
      for (const { partition, low, high } of ends) {
        const next = offsets.get(partition)
        if (next === undefined && topics === null) continue
        positions.push({ topic: topic.slice(prefix.length), partition, next: larger(next ?? 0n, BigInt(low)), end: BigInt(high) })
      }
    }
    return positions
  })
}

/**
 * Where the group has come to in each partition that its member was given, by `topic partition`. Where it has never been, or
 * where retention has overtaken it, the first offset there is is marked: from then on its lag can be told, whoever asks.
 */
export async function takeStock(use: AdminUse, consumer: Consumer, groupId: string, assignment: Assignment): Promise<Map<string, bigint>> {
  const starts = new Map<string, bigint>()
  const behind: { topic: string; partition: number; offset: string }[] = []
  await use(async (admin) => {
    const marked = await markedOffsets(admin, groupId, Object.keys(assignment))
    for (const [topic, partitions] of Object.entries(assignment)) {
      const ends = await admin.fetchTopicOffsets(topic)
      for (const partition of partitions) {
        const low = BigInt(ends.find((end) => end.partition === partition)?.low ?? 0)
        const next = marked.get(topic)?.get(partition)
        starts.set(`${topic} ${partition}`, larger(next ?? 0n, low))
        if (next === undefined || next < low) behind.push({ topic, partition, offset: String(low) })
      }
    }
  })
  if (behind.length > 0) {
    for (const where of behind) consumer.seek(where)
    await consumer.commitOffsets(behind)
  }
  return starts
}

async function markedOffsets(admin: Admin, groupId: string, topics: readonly string[] | null): Promise<Map<string, Map<number, bigint>>> {
  const found = topics?.length === 0 ? [] : await admin.fetchOffsets({ groupId, ...(topics && { topics: [...topics] }) })
  return new Map(
    found.map(({ topic, partitions }) => {
      const known = partitions.filter(({ offset }) => Number(offset) >= 0)
      return [topic, new Map(known.map(({ partition, offset }) => [partition, BigInt(offset)]))]
    }),
  )
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

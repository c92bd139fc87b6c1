import { Partitioners, type Message, type Producer } from 'kafkajs'
import { REQUEST_TIMEOUT_MS, type Client } from './kafka-log-client.ts'
import type { Envelope } from './contracts.ts'

/** Appends to one topic. */
export interface Appender {
  /** Resolves when the events are on as many brokers as they must be; rejects within half a minute. */
  append(events: readonly Envelope[]): Promise<void>
  close(): Promise<void>
}

/**
 * One send at a time: kafkajs gives the sequence numbers of a send that failed to the next one, which the broker might then
 * take for a repetition and drop. For the same reason a producer whose send has failed is given up, and with it whatever may
 * still be on its way; the events come again, and every inbox knows them.
 */
export function createAppender(topic: string, open: () => Client): Appender {
  let line: Promise<unknown> = Promise.resolve()
  let current: { producer: Producer; client: Client } | undefined

  async function connect(): Promise<{ producer: Producer; client: Client }> {
    const client = open()
    const producer = client.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { retries: 1 },
    })
    try {
      await producer.connect()
    } catch (error) {
      client.kill()
      throw error
    }
    return { producer, client }
  }

  async function send(events: readonly Envelope[]): Promise<void> {
    const { producer, client } = (current ??= await connect())
    try {
      for (const messages of parts(events)) await producer.send({ topic, messages, acks: -1, timeout: REQUEST_TIMEOUT_MS })
    } catch (error) {
      current = undefined
      client.kill()
      throw error
    }
  }

  return {
    append(events) {
      let late = false
      const patience = setTimeout(() => (late = true), WAIT_MS)
      const turn = line.then(() => {
        clearTimeout(patience)
        if (late) throw new Error(`What was to be appended to ${topic} has waited too long for what came before it`)
        return send(events)
      })
      line = turn.catch(() => {})
      return turn
    },
    async close() {
      await line
      const last = current
      current = undefined
      if (last) await last.producer.disconnect().finally(last.client.kill)
    },
  }
}

const WAIT_MS = 10_000
// What is sent at once to one partition is one batch to the broker, which refuses too large a one.
const PART_BYTES = 512 * 1024

function* parts(events: readonly Envelope[]): Generator<Message[]> {
  let part: Message[] = []
  let size = 0
  for (const event of events) {
    const value = Buffer.from(JSON.stringify(event))
    if (part.length > 0 && size + value.length > PART_BYTES) {
      yield part
      part = []
      size = 0
    }
    part.push({ key: event.subject, value, headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' } })
    size += value.length
  }
  if (part.length > 0) yield part
}

import type { KafkaMessage } from 'kafkajs'
import type { Logger } from '../log.ts'
import type { Envelope } from './contracts.ts'
import type { LogRecord } from './log.ts'

/** A message as a record; nothing when it is no event, which is somebody else's mistake and must stop nobody. */
export function readRecord(topic: string, partition: number, { offset, value }: KafkaMessage, log: Logger): LogRecord[] {
  const event = parse(value)
  if (event) return [{ topic, partition, offset: BigInt(offset), event }]
  log.error({ topic, partition, offset }, 'something that is no event lies in the log and is skipped')
  return []
}

function parse(value: Buffer | null): Envelope | null {
  try {
    const found: unknown = JSON.parse(String(value))
    return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Envelope) : null
  } catch {
    return null
  }
}

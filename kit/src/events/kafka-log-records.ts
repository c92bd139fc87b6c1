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
    const text = String(value)
    const found: unknown = SUSPICIOUS.test(text) ? JSON.parse(text, onlyStorable) : JSON.parse(text)
    return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Envelope) : null
  } catch {
    return null
  }
}

const SUSPICIOUS = /\\u(?:0000|d[89a-f])/i

// JSON allows what no jsonb can hold, NUL and halves of pairs: such a message could be neither handled nor parked.
function onlyStorable(key: string, value: unknown): unknown {
  for (const text of [key, value]) {
    if (typeof text === 'string' && (text.includes('\0') || !text.isWellFormed())) throw new Error('not storable')
  }
  return value
}

import type { Logger } from '../log.ts'
import type { BatchHandler, LogRecord } from './log.ts'
import { backoffMs } from './waker.ts'

/** What a member does with the partitions that it has. */
export interface Handling {
  group: string
  handler: BatchHandler
  log: Logger
  /** How many records a batch has at most. */
  batch: number
  /** After how long a batch counts as failed whatever its handler does. */
  batchTimeoutMs: number
}

/** How a lane moves its partition's reader. */
export interface Steering {
  /** Nothing is fetched until `go`. */
  hold(): void
  go(): void
  /** What is fetched next begins here. */
  rewind(offset: bigint): void
  /** Marks everything before `next` as handled. Rejects when the partition is somebody else's by now. */
  commit(next: bigint): Promise<void>
}

/** One partition in the hands of this member: a queue between fetching and handling, so that neither holds up other partitions. */
export interface Lane {
  /** The offset that must come next: a fetch that begins elsewhere is out of date. */
  readonly position: bigint
  /** Takes what was fetched; `next` is the offset after it. */
  take(records: readonly LogRecord[], next: bigint): void
  /** The partition is lost: the batch in hand is told, and nothing is marked any more. */
  lose(reason: string): void
  /** Begins no other batch; resolves when the one in hand is done. */
  finish(): Promise<void>
}

export function createLane(
  start: bigint,
  slots: Slots,
  steering: Steering,
  { group, handler, log, batch, batchTimeoutMs }: Handling,
): Lane {
  let position = start
  let queue: LogRecord[] = []
  let held = false
  let state: 'open' | 'finishing' | 'lost' = 'open'
  let failures = 0
  let inHand: AbortController | undefined
  let working: Promise<void> | undefined
  let resting: NodeJS.Timeout | undefined

  async function work(): Promise<void> {
    while (queue.length > 0 && state === 'open') {
      await slots.hold(async () => {
        if (state === 'open') await handleBatch()
      })
    }
    working = undefined
  }

  async function handleBatch(): Promise<void> {
    const records = queue.slice(0, batch)
    const [first, last] = [records[0], records.at(-1)]
    if (!first || !last) return
    try {
      await withLimit(records)
      await steering.commit(last.offset + 1n)
      failures = 0
      queue.splice(0, records.length)
      if (held && queue.length < LOW_WATER) go()
    } catch (error) {
      if (state === 'lost') return
      failures += 1
      rest(first, error)
    }
  }

  // A handler that does not heed the signal is left behind: this member can serve other partitions.
  async function withLimit(records: readonly LogRecord[]): Promise<void> {
    const controller = new AbortController()
    const { promise: cut, reject } = Promise.withResolvers<never>()
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true })
    const late = new Error(`The partition was lost: the batch took longer than ${batchTimeoutMs} ms`)
    const limit = setTimeout(() => controller.abort(late), batchTimeoutMs)
    inHand = controller
    try {
      await Promise.race([handler(records, controller.signal), cut])
    } finally {
      clearTimeout(limit)
      inHand = undefined
      cut.catch(() => {})
      reject(new Error('done'))
    }
  }

  // The records are fetched again after a while. Meanwhile the other partitions go on.
  function rest({ topic, partition, offset }: LogRecord, error: unknown): void {
    const pauseMs = backoffMs(failures, 100, 5_000)
    const said = { err: error, group, topic, partition, pauseMs }
    if (isRebalance(error)) log.info(said, 'a batch of events was handled while its partition changed hands, and will come again')
    else log.warn(said, 'a batch of events failed and will come again')
    queue = []
    position = offset
    hold()
    steering.rewind(offset)
    resting = setTimeout(() => {
      resting = undefined
      go()
    }, pauseMs)
  }

  function hold(): void {
    held = true
    steering.hold()
  }

  function go(): void {
    held = false
    if (state === 'open') steering.go()
  }

  return {
    get position() {
      return position
    },
    take(records, next) {
      if (state !== 'open' || resting) return
      queue.push(...records)
      position = next
      if (queue.length >= HIGH_WATER && !held) hold()
      working ??= work()
    },
    lose(reason) {
      state = 'lost'
      queue = []
      clearTimeout(resting)
      inHand?.abort(new Error(`The partition was lost: ${reason}`))
    },
    async finish() {
      if (state === 'open') state = 'finishing'
      clearTimeout(resting)
      await working
    },
  }
}

const HIGH_WATER = 200
const LOW_WATER = 100

function isRebalance(error: unknown): boolean {
  const type: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'type') : undefined
  return typeof type === 'string' && ['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID'].includes(type)
}

/** How many partitions are worked on at once; the others wait in turn. */
export interface Slots {
  hold(work: () => Promise<void>): Promise<void>
}

export function createSlots(count: number): Slots {
  let free = count
  const waiting: (() => void)[] = []
  return {
    async hold(work) {
      if (free > 0) free -= 1
      else await new Promise<void>((resolve) => waiting.push(resolve))
      try {
        await work()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else free += 1
      }
    },
  }
}

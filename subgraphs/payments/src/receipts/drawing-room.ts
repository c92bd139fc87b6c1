import { Worker } from 'node:worker_threads'
import { DomainError } from '@stellr/kit'
import type { ReceiptFacts } from './facts.ts'
import type { Drawn } from './worker.ts'

/** Where PDFs are made: a thread of its own, so that nobody else waits while one is. */
export interface DrawingRoom {
  /** Throws SERVICE_UNAVAILABLE when too many wait already, and when it takes too long. */
  draw(facts: ReceiptFacts): Promise<Buffer>
  close(): Promise<void>
}

export interface DrawingOptions {
  /** How many may wait besides the one that is drawn. */
  mostWaiting?: number
  timeoutMs?: number
  /** After how long without work the thread ends and its memory is free again. */
  idleMs?: number
  /** What the thread's heap may grow to. */
  heapMb?: number
  script?: URL
}

interface Order {
  facts: ReceiptFacts
  resolve(pdf: Buffer): void
  reject(error: Error): void
}

/** One drawing at a time; the thread begins with the first and is begun anew after a failure. */
export function createDrawingRoom({
  mostWaiting = 32,
  timeoutMs = 5_000,
  idleMs = 60_000,
  heapMb = 192,
  script = new URL('worker.ts', import.meta.url),
}: DrawingOptions = {}): DrawingRoom {
  const waiting: Order[] = []
  let current: Order | null = null
  let worker: Worker | null = null
  let timer: NodeJS.Timeout | undefined
  let closed = false

  return {
    draw(facts) {
      if (closed || waiting.length >= mostWaiting) return Promise.reject(new DomainError('SERVICE_UNAVAILABLE'))
      const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
      waiting.push({ facts, resolve, reject })
      if (!current) next()
      return promise
    },
    async close() {
      closed = true
      for (const order of waiting.splice(0)) order.reject(new DomainError('SERVICE_UNAVAILABLE'))
      fail(new DomainError('SERVICE_UNAVAILABLE'))
      await endThread()
    },
  }

  function next(): void {
    clearTimeout(timer)
    current = waiting.shift() ?? null
    if (current) {
      timer = setTimeout(() => void breakOff(new DomainError('SERVICE_UNAVAILABLE')), timeoutMs)
      worker ??= beginThread()
      // The list, though empty, tells a thread's message from a window's.
      worker.postMessage(current.facts, [])
    } else timer = setTimeout(() => void endThread(), idleMs).unref()
  }

  function beginThread(): Worker {
    // It needs no setting, so it sees none.
    const begun = new Worker(script, { env: { NODE_ENV: 'production' }, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: heapMb } })
    begun.unref()
    begun.on('message', (drawn: Drawn) => {
      if (begun !== worker) return
      if ('pdf' in drawn) current?.resolve(Buffer.from(drawn.pdf.buffer))
      else fail(new Error(`a receipt could not be drawn: ${drawn.failure}`))
      next()
    })
    begun.on('error', (error) => {
      if (begun === worker) void breakOff(error)
    })
    begun.on('exit', (code) => {
      if (begun === worker) void breakOff(new Error(`the thread that draws receipts ended with ${code}`))
    })
    return begun
  }

  async function breakOff(error: Error): Promise<void> {
    const ended = endThread()
    fail(error)
    if (!closed) next()
    await ended
  }

  function fail(error: Error): void {
    current?.reject(error)
    current = null
  }

  async function endThread(): Promise<void> {
    clearTimeout(timer)
    const ending = worker
    worker = null
    await ending?.terminate()
  }
}

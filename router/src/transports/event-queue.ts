import type { SubgraphResult, SubgraphStream } from '@stellr/kit'

/** Events that were pushed to us, until they are asked for. */
export interface EventQueue {
  stream: SubgraphStream
  /** Says after which cursor the stream began. */
  begin(since: string): void
  /** False when there is no room left: whoever asks is too slow. */
  push(event: SubgraphResult): boolean
  /** Ends the stream once what is waiting has been taken: with an error, or as complete. */
  end(error?: Error): void
}

export interface EventQueueOptions {
  /** How many events may wait. */
  limit: number
  /** Told of each event that is taken. */
  onTaken(): void
  /** Told once when nobody asks any more. */
  onReturn(): void
}

/** A queue of at most `limit` events. What waits when the stream ends can still be taken. */
export function createEventQueue({ limit, onTaken, onReturn }: EventQueueOptions): EventQueue {
  const waiting: SubgraphResult[] = []
  let asked: PromiseWithResolvers<IteratorResult<SubgraphResult, undefined>> | null = null
  let ended: { error: Error | undefined } | null = null

  const takeOver = () => {
    const taker = asked
    asked = null
    return taker
  }
  const stream: SubgraphStream & { since?: string } = {
    async next() {
      const event = waiting.shift()
      if (event) {
        onTaken()
        return { done: false, value: event }
      }
      if (ended) {
        const { error } = ended
        ended = { error: undefined }
        if (error) throw error
        return { done: true, value: undefined }
      }
      asked = Promise.withResolvers()
      return asked.promise
    },
    async return() {
      waiting.length = 0
      if (!ended) {
        ended = { error: undefined }
        takeOver()?.resolve({ done: true, value: undefined })
        onReturn()
      }
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => stream,
  }
  return {
    stream,
    begin(cursor) {
      stream.since = cursor
    },
    push(event) {
      if (ended) return true
      const taker = takeOver()
      if (taker) {
        taker.resolve({ done: false, value: event })
        onTaken()
      } else if (waiting.length >= limit) return false
      else waiting.push(event)
      return true
    },
    end(error) {
      if (ended) return
      ended = { error }
      const taker = takeOver()
      if (!taker) return
      ended = { error: undefined }
      if (error) taker.reject(error)
      else taker.resolve({ done: true, value: undefined })
    },
  }
}

import type { SubgraphResult, SubgraphStream } from '@stellr/kit'

/** Events that were pushed to us, until they are asked for. */
export interface EventQueue {
  stream: SubgraphStream
  /** False when there is no room left: whoever asks is too slow. */
  push(event: SubgraphResult): boolean
  /** Ends the stream once what is waiting has been taken: with an error, or as complete. */
  end(error?: Error): void
}

/** A queue of at most `limit` events. `onReturn` is told once when nobody asks any more. */
export function createEventQueue(limit: number, onReturn: () => void): EventQueue {
  const waiting: SubgraphResult[] = []
  let asked: PromiseWithResolvers<IteratorResult<SubgraphResult, undefined>> | null = null
  let ended: { error: Error | undefined } | null = null

  const takeOver = () => {
    const taker = asked
    asked = null
    return taker
  }
  const stream: SubgraphStream = {
    async next() {
      const event = waiting.shift()
      if (event) return { done: false, value: event }
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
    push(event) {
      if (ended) return true
      const taker = takeOver()
      if (taker) taker.resolve({ done: false, value: event })
      else if (waiting.length >= limit) return false
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

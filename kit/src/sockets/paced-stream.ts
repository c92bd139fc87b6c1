import type { SubgraphStream } from '../graphql/stream.ts'

/** A stream that gives so many events and no more until it is told that there is room again. */
export interface PacedStream {
  stream: SubgraphStream
  /** There is room for `count` more. */
  grant(count: number): void
}

/**
 * Holds a stream back, so that whoever takes its events slowly need not keep them: its source is not asked while there is no
 * room. Many streams share a socket whose own flow control would hold back all of them for the slowest.
 */
export function paceStream(source: SubgraphStream, room: number): PacedStream {
  let left = room
  let ended = false
  let wake = () => {}
  const stream: SubgraphStream = {
    since: source.since,
    async next() {
      while (left === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      if (ended) return { done: true, value: undefined }
      left -= 1
      return source.next()
    },
    async return() {
      ended = true
      wake()
      await source.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => stream,
  }
  return {
    stream,
    grant(count) {
      left += count
      wake()
    },
  }
}

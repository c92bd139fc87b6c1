import { HungUp, SubgraphFailure } from './failures.ts'

/**
 * Runs `work` with a signal that is aborted after `timeoutMs` or together with `parent`, and settles at that moment even
 * when `work` pays no attention to it. Rejects with SubgraphFailure after the time, with HungUp after `parent`.
 */
export async function withDeadline<T>(timeoutMs: number, parent: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  if (parent.aborted) throw new HungUp()
  const controller = new AbortController()
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const giveUp = (reason: Error) => {
    reject(reason)
    controller.abort(reason)
  }
  const timer = setTimeout(() => giveUp(new SubgraphFailure(`no answer within ${timeoutMs} ms`)), timeoutMs)
  const hungUp = () => giveUp(new HungUp())
  parent.addEventListener('abort', hungUp, { once: true })
  work(controller.signal).then(resolve, reject)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    parent.removeEventListener('abort', hungUp)
  }
}

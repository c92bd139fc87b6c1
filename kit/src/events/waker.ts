/** How a loop sleeps: until somebody wakes it, but not for ever. */
export interface Waker {
  /** Ends the present sleep, or the next one before it begins. */
  wake(): void
  /** Sleeps until woken, but at most this long. Says whether it was woken. */
  sleep(ms: number): Promise<boolean>
  /** Sleeps this long whoever wakes it, as after a failure; only `stop` ends it. */
  pause(ms: number): Promise<void>
  /** Ends every sleep, now and from now on. */
  stop(): void
  readonly stopped: boolean
}

export function createWaker(): Waker {
  let pending = false
  let stopped = false
  let rouse: ((stopping: boolean) => void) | undefined

  const rest = (ms: number, wakes: boolean): Promise<void> =>
    new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        rouse = undefined
        resolve()
      }
      const timer = setTimeout(end, ms)
      rouse = (stopping) => {
        if (wakes || stopping) end()
      }
    })

  return {
    wake() {
      pending = true
      rouse?.(false)
    },
    async sleep(ms) {
      if (!pending && !stopped) await rest(ms, true)
      const woken = pending
      pending = false
      return woken
    },
    async pause(ms) {
      if (!stopped) await rest(ms, false)
    },
    stop() {
      stopped = true
      rouse?.(true)
    },
    get stopped() {
      return stopped
    },
  }
}

/** How long to wait after the n-th failure in a row: doubling, bounded, and never the same for two who failed together. */
export function backoffMs(failures: number, firstMs = 100, mostMs = 2_000): number {
  const full = Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 20))
  return full * (0.5 + Math.random() / 2)
}

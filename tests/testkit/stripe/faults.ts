/**
 * How an answer goes wrong. `hang`: none comes; `trickle`: it never ends; `error`: 500; `nonsense`: 200 with no JSON; `empty`: 200 with
 * nothing in it; `busy`: 429; `unauthorized`: 401; `lost`: the work is done and the connection ends; `wait`: the work waits.
 */
export type Fault = 'hang' | 'trickle' | 'error' | 'nonsense' | 'empty' | 'busy' | 'unauthorized' | 'lost' | 'wait'

export interface Failing {
  /** Ends it, and lets go on what waits. */
  end(): void
}

interface Entry {
  matches: (method: string, path: string) => boolean
  fault: Fault
  left: number
  released: Promise<void>
}

export interface Faults {
  /** Lets requests fail, as many as are said. `request` is like 'POST /v1/refunds', where * is anything. */
  fail(request: string, fault: Fault, times?: number): Failing
  /** What befalls a request, if anything. */
  next(method: string, path: string): { fault: Fault; released: Promise<void> } | undefined
}

export function createFaults(): Faults {
  const entries: Entry[] = []
  return {
    fail(request, fault, times = Infinity) {
      const [method = '*', path = '*'] = request.split(' ')
      const pattern = new RegExp(`^${path.replaceAll('*', '.*')}$`)
      const { promise: released, resolve } = Promise.withResolvers<void>()
      const entry: Entry = { matches: (m, p) => (method === '*' || m === method) && pattern.test(p), fault, left: times, released }
      entries.push(entry)
      return {
        end() {
          entry.left = 0
          resolve()
        },
      }
    },
    next(method, path) {
      const entry = entries.find(({ left, matches }) => left > 0 && matches(method, path))
      if (!entry) return undefined
      entry.left -= 1
      return entry
    },
  }
}

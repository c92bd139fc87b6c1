import { systemClock, type Clock } from '../clock.ts'
import { madeAt } from '../ids.ts'

export interface OwnWritesOptions {
  clock?: Clock
  /** Injected by tests. */
  sleep?: (ms: number) => Promise<void>
}

export interface WaitOptions {
  undated?: boolean
}

/** Lets a person read what they have just written elsewhere, before the event about it has arrived here. */
export interface OwnWrites {
  /**
   * Reads until there is something, for at most two seconds: null then, and at once when the id was not made in the last
   * ten seconds (its UUIDv7 tells), was missing a moment ago, or the viewer is waiting for too much already. Holds no
   * connection while it waits. With `undated`, `id` names what is waited for without telling when it was made (the course
   * of an enrollment): then it is always waited for, after a recent miss for a quarter of a second.
   */
  wait<T>(viewerId: string, id: string, read: () => Promise<T | null>, options?: WaitOptions): Promise<T | null>
  /** Something about this viewer has arrived: what was missing may be there now. */
  arrived(viewerId: string): void
}

export function createOwnWrites({ clock = systemClock, sleep = wait }: OwnWritesOptions = {}): OwnWrites {
  const viewers = new Map<string, ViewerWaits>()

  async function poll<T>(viewer: ViewerWaits, id: string, read: () => Promise<T | null>, mostMs: number): Promise<T | null> {
    let waitedMs = 0
    for (let stepMs = FIRST_STEP_MS; waitedMs < mostMs; stepMs = Math.min(stepMs * 2, MOST_STEP_MS)) {
      await sleep(stepMs)
      waitedMs += stepMs
      const found = await read()
      if (found !== null) return found
    }
    makeRoom(viewer.misses, MOST_MISSES)
    viewer.misses.set(id, clock.now().getTime() + REMEMBER_MISS_MS)
    return null
  }

  return {
    async wait(viewerId, id, read, { undated = false } = {}) {
      const found = await read()
      if (found !== null || !(undated || isFresh(id, clock))) return found
      const viewer = viewerOf(viewers, viewerId)
      const missedUntil = viewer.misses.get(id)
      const missed = missedUntil !== undefined && missedUntil > clock.now().getTime()
      // What has no date may have been made since the miss.
      if (missed && !undated) return null
      const waiting = viewer.waiting.get(id)
      if (waiting) {
        await waiting
        return read()
      }
      if (viewer.waiting.size >= MOST_WAITING) return null
      const { promise, resolve } = Promise.withResolvers<void>()
      viewer.waiting.set(id, promise)
      try {
        return await poll(viewer, id, read, missed ? MISSED_WAIT_MS : MOST_WAIT_MS)
      } finally {
        viewer.waiting.delete(id)
        resolve()
      }
    },
    arrived(viewerId) {
      viewers.get(viewerId)?.misses.clear()
    },
  }
}

interface ViewerWaits {
  /** Ids that are being waited for. */
  waiting: Map<string, Promise<void>>
  /** Ids that were waited for in vain, and until when not to try again. */
  misses: Map<string, number>
}

const FIRST_STEP_MS = 25
const MOST_STEP_MS = 200
const MOST_WAIT_MS = 2_000
const MISSED_WAIT_MS = 250
const FRESH_MS = 10_000
const REMEMBER_MISS_MS = 30_000
// Bounds on memory, and on the reading that one viewer can cause with made-up ids.
const MOST_VIEWERS = 10_000
const MOST_WAITING = 10
const MOST_MISSES = 100

// An id from far in the future was not made by us.
function isFresh(id: string, clock: Clock): boolean {
  const made = madeAt(id)
  return made !== null && Math.abs(clock.now().getTime() - made.getTime()) <= FRESH_MS
}

function viewerOf(viewers: Map<string, ViewerWaits>, id: string): ViewerWaits {
  const known = viewers.get(id)
  if (known) return known
  makeRoom(viewers, MOST_VIEWERS)
  const viewer: ViewerWaits = { waiting: new Map(), misses: new Map() }
  viewers.set(id, viewer)
  return viewer
}

// The oldest goes: a Map remembers the order in which its keys came.
function makeRoom(map: Map<string, unknown>, most: number): void {
  const [oldest] = map.keys()
  if (oldest !== undefined && map.size >= most) map.delete(oldest)
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

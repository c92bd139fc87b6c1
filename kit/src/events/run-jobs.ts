import type pg from 'pg'
import { systemRandom } from '../ids.ts'
import { correlated, type Logger } from '../log.ts'
import type { Database } from '../store/database.ts'
import type { Backstage } from '../subgraph.ts'
import type { Job } from './jobs.ts'
import { createWaker, type Waker } from './waker.ts'

export interface JobsOptions<Store extends object, Services> {
  jobs: readonly Job<Store, Services>[]
  /** What each run gets: asked anew every time. */
  backstage: () => Backstage<Store, Services>
  database: Pick<Database<object>, 'name' | 'pool'>
  log: Logger
}

/**
 * Runs each job at once and then again and again, a tenth more or less than its interval apart. A lock lets one replica
 * run a job at a time; the others skip that turn. A job that fails is logged, and has its next turn as usual. What one run
 * logs and publishes has a correlation id and a trace of its own.
 */
export function startJobs<Store extends object, Services>(options: JobsOptions<Store, Services>): { stop(): Promise<void> } {
  const { jobs, backstage, database, log } = options
  const locks = createLocks(database.pool)
  const wakers: Waker[] = []

  async function repeat(job: Job<Store, Services>, waker: Waker): Promise<void> {
    while (!waker.stopped) {
      try {
        await locks.hold(`stellr job ${job.name}`, () => correlated(systemRandom.id(), () => job.run(backstage())))
      } catch (error) {
        log.error({ err: error, job: job.name }, 'a job failed')
      }
      await waker.sleep(job.everySeconds * 1000 * (0.9 + Math.random() * 0.2))
    }
  }

  const running = jobs.map((job) => {
    const waker = createWaker()
    wakers.push(waker)
    return repeat(job, waker)
  })
  return {
    async stop() {
      for (const waker of wakers) waker.stop()
      await Promise.all(running)
    },
  }
}

interface Locks {
  /** Runs `work` while this process alone holds the lock; does nothing when another holds it. */
  hold(name: string, work: () => Promise<void>): Promise<void>
}

// Session locks, all on one connection: with one each, a few jobs would leave none of the pool for their own work.
function createLocks(pool: pg.Pool): Locks {
  let session: Promise<pg.PoolClient> | undefined
  let holders = 0
  // A connection takes one statement at a time.
  let queue: Promise<unknown> = Promise.resolve()

  async function ask(call: string, name: string): Promise<boolean> {
    session ??= pool.connect()
    const client = await session
    const answer = queue.then(() => client.query<{ yes: boolean }>(`SELECT ${call}(hashtextextended($1, 0)) AS yes`, [name]))
    queue = answer.catch(() => {})
    return (await answer).rows[0]?.yes ?? false
  }

  async function leave(sound: boolean): Promise<void> {
    holders -= 1
    if (holders > 0 || !session) return
    const ending = session
    session = undefined
    const client = await ending.catch(() => undefined)
    client?.release(!sound)
  }

  return {
    async hold(name, work) {
      holders += 1
      let sound = false
      try {
        const mine = await ask('pg_try_advisory_lock', name)
        try {
          if (mine) await work()
        } finally {
          if (mine) await ask('pg_advisory_unlock', name)
          sound = true
        }
      } finally {
        await leave(sound)
      }
    },
  }
}

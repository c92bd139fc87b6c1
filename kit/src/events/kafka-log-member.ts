import { startSession, type SessionOptions } from './kafka-log-session.ts'
import { backoffMs, createWaker } from './waker.ts'

export interface MemberOptions extends Omit<SessionOptions, 'onJoined' | 'former'> {
  /** Done before every attempt: creates topics that are missing. */
  prepare: () => Promise<void>
  /** What an attempt has come to; null when it has joined. */
  onOutcome: (error: unknown) => void
}

/** One member of a consumer group at work. */
export interface Member {
  /** Resolves when it has joined, or has failed to for the first time: it goes on trying. */
  begun: Promise<void>
  stop(): Promise<void>
}

/** Keeps a session going until stopped: each that breaks is followed by another, within about two seconds of a broker that is back. */
export function startMember(options: MemberOptions): Member {
  const { prepare, onOutcome } = options
  const waker = createWaker()
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  let former: string | null = null
  const { promise: asked, resolve: ask } = Promise.withResolvers<'stop'>()

  async function run(): Promise<void> {
    let failures = 0
    while (!waker.stopped) {
      try {
        await attempt(() => {
          failures = 0
          onOutcome(null)
          begin()
        })
      } catch (error) {
        failures += 1
        onOutcome(error)
        begin()
        await waker.pause(backoffMs(failures))
      }
    }
    begin()
  }

  async function attempt(onJoined: () => void): Promise<void> {
    await prepare()
    const session = startSession({ ...options, onJoined, former })
    try {
      await Promise.race([session.broken, asked])
      await session.stop()
    } catch (error) {
      former = session.memberId ?? former
      await session.abandon(error instanceof Error ? error.message : String(error))
      throw error
    }
  }

  const running = run()
  return {
    begun,
    async stop() {
      waker.stop()
      ask('stop')
      await running
    },
  }
}

import { createWaker } from '@stellr/kit'
import type { SandboxEvent } from '../../store/sandbox.ts'
import { decideDue } from './bank.ts'
import type { SandboxTools } from './tools.ts'
import { SIGNATURE_HEADER, writeWebhook } from './webhooks.ts'

const MOST_AT_ONCE = 20
const LONGEST_SLEEP_MS = 1000
const TIMEOUT_MS = 5000
const MOST_TRIES = 15

/** What the sandbox does by itself: deciding what the bank has had its time for, and sending webhooks until they have arrived. */
export interface Work {
  /** There is something to do, at once. */
  wake(): void
  close(): Promise<void>
}

/** Any number of processes may do it: each decision and each webhook is taken by one of them. */
export function startWork(tools: SandboxTools, url: string): Work {
  const waker = createWaker()
  const running = run()

  async function run(): Promise<void> {
    while (!waker.stopped) {
      let more = false
      try {
        const decided = await decideDue(tools, MOST_AT_ONCE)
        more = (await send()) || decided
      } catch (error) {
        tools.log.error({ err: error }, 'the sandbox could not do its work')
      }
      if (!more) await waker.sleep(await sleepMs())
    }
  }

  // What is to come sooner than in a second, such as a webhook that is sent out of order, is waited for.
  async function sleepMs(): Promise<number> {
    try {
      const next = await tools.store().nextSandboxMoment()
      const ms = next ? next.getTime() - tools.clock.now().getTime() : LONGEST_SLEEP_MS
      return Math.min(Math.max(ms, 10), LONGEST_SLEEP_MS)
    } catch {
      return LONGEST_SLEEP_MS
    }
  }

  // In order for each payment, side by side for several.
  async function send(): Promise<boolean> {
    const taken = await tools.store().takeSandboxEvents(tools.clock.now(), MOST_AT_ONCE)
    const byPayment = Map.groupBy(taken, ({ paymentId }) => paymentId)
    await Promise.all(
      [...byPayment.values()].map(async (events) => {
        for (const event of events) await post(event)
      }),
    )
    return taken.length === MOST_AT_ONCE
  }

  async function post(event: SandboxEvent): Promise<void> {
    const { body, signature } = writeWebhook(event, tools.secret, tools.clock.now())
    try {
      const reply = await fetch(`${url}/webhooks/sandbox`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', [SIGNATURE_HEADER]: signature },
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      await reply.arrayBuffer()
      if (!reply.ok) throw new Error(`answered ${reply.status}`)
      await tools.store().sandboxEventArrived(event.id, tools.clock.now())
    } catch (error) {
      if (waker.stopped) return
      tools.log.warn({ eventId: event.id, type: event.type, err: error }, 'a webhook of the sandbox did not arrive')
      if (event.tries >= MOST_TRIES) await tools.store().giveUpSandboxEvent(event.id)
    }
  }

  return {
    wake: () => waker.wake(),
    async close() {
      waker.stop()
      await running
    },
  }
}

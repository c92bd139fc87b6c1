import { describe, expect, test } from 'vitest'
import { createChance } from '../../demo/chance.ts'
import type { FaultName } from '../../kit/src/faults.ts'
import { logKinds, openBroker } from '../testkit/faults/broker.ts'
import { askUntilItDies } from '../testkit/faults/counter-process.ts'
import { openCounterWorld } from '../testkit/faults/counter-world.ts'
import { createLedger, kept } from '../testkit/faults/ledger.ts'
import { rounds } from '../testkit/soak.ts'

const KILLS = rounds(200, 50)
const SEED = 20_261_201
const points: FaultName[] = ['outbox.after_commit', 'relay.mid_batch', 'relay.after_send_before_mark']

describe.each(logKinds)('%s', (kind) => {
  test('R09 crash between commit and publish: what is committed arrives, and has one effect', { timeout: 900_000 }, async () => {
    const chance = createChance(SEED)
    const world = await openCounterWorld(await openBroker(kind))
    const ledger = createLedger()
    await world.start({ databaseUrl: undefined })
    for (let kill = 0; kill < KILLS; kill++) {
      for (const point of points) {
        const doomed = await world.start({ readerUrl: undefined, fault: [point, chance.between(1, 4)] })
        await askUntilItDies(doomed, ledger)
        expect(await doomed.ended).toBe('SIGKILL')
      }
    }
    await world.start({ readerUrl: undefined })
    await world.settle()

    const [committed, delivered, effects] = await Promise.all([world.committed(), world.delivered(), world.effects()])
    expect(ledger.compare(await world.counters())).toEqual(kept)
    // Every counter that is there tells both topics of itself.
    expect(committed).toHaveLength((await world.counters()).length * 2)
    expect(new Set(delivered)).toEqual(new Set(committed))
    expect(effects.map(({ id }) => id).toSorted()).toEqual(committed.toSorted())
    const events = `${committed.length} events committed, ${delivered.length} in the log, ${effects.length} effects`
    console.log(`R09 (${kind}, seed ${SEED}): ${KILLS * points.length} kills; ${String(ledger)}; ${events}`)
  })

  test(
    'R09 the control: a relay that marks before it sends loses events, and the same comparison shows it',
    { timeout: 90_000 },
    async () => {
      const world = await openCounterWorld(await openBroker(kind))
      const doomed = await world.start({ readerUrl: undefined, without: 'sending-before-marking', fault: ['relay.mid_batch', 1] })
      await askUntilItDies(doomed, createLedger())
      await world.start()
      await world.settle()
      expect(new Set(await world.delivered())).not.toEqual(new Set(await world.committed()))
    },
  )
})

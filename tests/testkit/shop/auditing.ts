import { z } from 'zod'
import { runAudit } from '../../../scripts/payments/run.ts'
import type { Shop } from './shop.ts'

const amount = z.string().transform(BigInt)
const sum = z.object({ received: amount, givenBack: amount })
const report = z.object({
  total: z.number(),
  byKind: z.record(z.string(), z.number()),
  checked: z.record(z.string(), z.number()),
  sums: z.record(z.string(), z.object({ here: sum, there: sum })),
  disagreements: z.array(z.looseObject({ kind: z.string() })),
})

export type Report = z.output<typeof report>

/** What `pnpm payments:audit --settled` says of a shop, and the status that it ends with. */
export async function auditOf({ env }: Shop): Promise<{ status: number; report: Report }> {
  const said: string[] = []
  const say = (text: string) => void said.push(text)
  const status = await runAudit(['--settled', '--json'], { env, out: say, err: say })
  if (status === 2) throw new Error(said.join('\n'))
  return { status, report: report.parse(JSON.parse(said.join('\n'))) }
}

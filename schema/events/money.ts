import { z } from 'zod'

/** An amount in minor units and its ISO 4217 currency. */
export const price = z.object({ amount: z.int().min(0), currency: z.string() })

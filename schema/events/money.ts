import { z } from 'zod'

/** An amount in minor units and its currency. */
export const price = z.object({
  amount: z.int().min(0).describe('In minor units: cents.'),
  currency: z.string().describe('ISO 4217.'),
})

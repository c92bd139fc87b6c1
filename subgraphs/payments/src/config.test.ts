import { readConfig } from '@stellr/kit'
import { expect, test } from 'vitest'
import { config } from './config.ts'

const secret = 'a secret that only tests of payments know'
const stripe = {
  STRIPE_SECRET_KEY: 'sk_live_1',
  STRIPE_WEBHOOK_SECRET: 'whsec_1',
  STRIPE_RETURN_URL: 'https://school.example.org/paid',
}
const read = (settings: Record<string, string>) => readConfig({ payments: config }, { PAYMENTS_SECRET: secret, ...settings })

test('with all that Stripe needs, or nothing of it, the platform starts', () => {
  expect(read(stripe).payments.stripeSecretKey).toBe('sk_live_1')
  expect(read({}).payments.stripeSecretKey).toBeUndefined()
})

test.each(Object.keys(stripe))('without %s but with the rest it does not start', (name) => {
  expect(() => read({ ...stripe, [name]: '' })).toThrow(`${name} is not set`)
})

import { expect, test } from 'vitest'
import { addressOf } from './limits.ts'

const of = (ipAddress: string | null) => addressOf({ ipAddress, userAgent: null })

test('a customer counts as one, however many addresses a network has', () => {
  const customer = of('2001:db8:1:2::1')
  for (const address of ['2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:DB8:1:2:3:4:5:6', '2001:db8:1:2::']) expect(of(address)).toBe(customer)
  for (const address of ['2001:db8:1:3::1', '2001:db8::1', '::1', '192.0.2.1', 'unknown']) expect(of(address)).not.toBe(customer)
})

test('an IPv4 address is the same whichever way the system writes it', () => {
  expect(of('::ffff:192.0.2.1')).toBe(of('192.0.2.1'))
  expect(of('::ffff:192.0.2.2')).not.toBe(of('192.0.2.1'))
})

test('those without an address count as one', () => {
  expect(of(null)).toBe('unknown')
})

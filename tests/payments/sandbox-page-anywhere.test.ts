import { expect, test } from 'vitest'
import { change, enrollToPay } from '../guarantees/classroom.ts'
import { openSchool, topologies } from '../testkit/school.ts'

test.each(topologies)(
  'the sandbox’s page pays through the router, under a policy of its own (%s)',
  { timeout: 60_000 },
  async (topology) => {
    const school = await openSchool(topology)
    try {
      const [author, learner] = [await school.register({ role: 'INSTRUCTOR' }), await school.register()]
      const input = { enrollmentId: await enrollToPay(author, learner), method: 'CHECKOUT', idempotencyKey: crypto.randomUUID() }
      const { id, checkoutUrl } = (await change(learner, 'initiatePayment', input, 'payment { id checkoutUrl }')).payment
      expect(new URL(checkoutUrl).origin).toBe(school.url)

      const ask = (form?: Record<string, string>, url: string = checkoutUrl) =>
        fetch(url, { redirect: 'manual', ...(form && { method: 'POST', body: new URLSearchParams(form) }) })
      const answers = [
        await ask(),
        await ask({ act: 'pay', card: 'success' }),
        await ask({ act: 'pay', card: 'success' }),
        await ask({ act: 'pay', card: 'success', more: 'x'.repeat(4096) }),
        await ask(undefined, `${school.url}/sandbox/checkout?payment=unknown`),
      ]
      expect(answers.map(({ status }) => status)).toEqual([200, 303, 409, 413, 404])
      expect(new URL(answers[1]?.headers.get('location') ?? '', checkoutUrl).href).toBe(checkoutUrl)
      for (const { headers } of answers) {
        // Two of them would come as one, with a comma between.
        expect(headers.get('content-security-policy')).toMatch(
          /^default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'$/,
        )
        expect(headers.get('cache-control')).toBe('no-store')
        expect(headers.get('x-content-type-options')).toBe('nosniff')
        expect(headers.get('referrer-policy')).toBe('no-referrer')
      }
      const status = async () => (await learner.client.query('query ($id: ID) { payment(id: $id) { status } }', { id })).data.payment.status
      await expect.poll(status).toBe('COMPLETED')
    } finally {
      await school.close()
    }
  },
)

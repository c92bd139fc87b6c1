import { buildSchema, parse } from 'graphql'
import { expect, test } from 'vitest'
import { silent } from '../testing/fixture/counters.ts'
import { openStream } from './stream.ts'

test('when an event cannot be answered, its source is ended with the stream', async () => {
  const schema = buildSchema('type Query { n: Int } type Subscription { n: Int }')
  let returned = 0
  const source = {
    next: async () => ({ done: false, value: { n: 1 } }),
    async return() {
      returned += 1
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => source,
  }
  const subscription = schema.getSubscriptionType()?.getFields()['n']
  if (subscription) subscription.subscribe = () => source
  const stream = await openStream({
    schema,
    document: parse('subscription { n }'),
    context(event) {
      if (event !== undefined) throw new Error('out of luck')
      return {} as never
    },
    signal: new AbortController().signal,
    log: silent,
  })
  if (!(Symbol.asyncIterator in stream)) throw new Error('refused')
  expect((await stream.next()).value).toMatchObject({ errors: [{ extensions: { code: 'INTERNAL' } }] })
  expect(await stream.next()).toEqual({ done: true, value: undefined })
  expect(returned).toBe(1)
})

import { expect, test } from 'vitest'
import { continueTrace, traceIdOf } from './trace.ts'

const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
const span = '00f067aa0ba902b7'

test.each([
  ['as it is', `00-${trace}-${span}-01`, '01'],
  ['that is not sampled', `00-${trace}-${span}-00`, '00'],
  ['with flags that are not known', `00-${trace}-${span}-ff`, '01'],
  ['of a later version', `cc-${trace}-${span}-01`, '01'],
  ['of a later version that says more', `cc-${trace}-${span}-01-what-the-future-will-be-like`, '01'],
])('a trace context %s goes on in a span of its own', (_what, given, flags) => {
  const own = continueTrace(given)
  expect(own).toMatch(new RegExp(`^00-${trace}-(?!${span})[\\da-f]{16}-${flags}$`))
  expect(traceIdOf(own)).toBe(trace)
})

test.each([
  ['nothing', undefined],
  ['several headers', [`00-${trace}-${span}-01`, `00-${trace}-${span}-01`]],
  ['several headers in one', `00-${trace}-${span}-01, 00-${trace}-${span}-01`],
  ['no text', 7],
  ['an empty text', ''],
  ['too little', `00-${trace}-${span}`],
  ['too much', `00-${trace}-${span}-01-more`],
  ['a later version that runs on', `cc-${trace}-${span}-01more`],
  ['the version that there cannot be', `ff-${trace}-${span}-01`],
  ['capitals', `00-${trace.toUpperCase()}-${span}-01`],
  ['a trace of zeros', `00-${'0'.repeat(32)}-${span}-01`],
  ['a span of zeros', `00-${trace}-${'0'.repeat(16)}-01`],
  ['a short trace', `00-${trace.slice(1)}-${span}-01`],
  ['what does not belong in a header', `00-${trace}-${span}-01\nx-evil: 1`],
])('%s begins a new trace', (_what, given) => {
  const [one, other] = [continueTrace(given), continueTrace(given)]
  expect(one).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-01$/)
  expect(traceIdOf(one)).not.toBe(trace)
  expect(traceIdOf(one)).not.toBe(traceIdOf(other))
})

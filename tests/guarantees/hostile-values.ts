/** Texts that have broken something somewhere, by the name of what they break. */
export const texts: Record<string, string> = {
  'nothing at all': '',
  blanks: ' \t\n ',
  quotes: `'"\`'' ""`,
  'an unclosed quote': `'`,
  backslashes: String.raw`\ \\ \' \" \0 \u0000 \x00 \N`,
  'SQL that is always true': `' OR 1=1 --`,
  'SQL that drops a table': `x'); DROP TABLE course CASCADE; --`,
  'SQL parameters': '$1 $2 :name ? %s ${1}',
  'SQL patterns': '%_%',
  'a dollar quote': '$$ $x$ body $x$',
  NUL: '\u0000',
  'NUL within': 'before\u0000after',
  'control characters': '\u0001\u0007\b\u001b[31m\u007f\u0085',
  'a new line and a header': 'a\r\nSet-Cookie: session=stolen',
  'half a pair': '\ud83d',
  'the other half': 'a\udc00b',
  'two halves the wrong way round': '\udc00\ud83d',
  'operators of tsquery': 'a & | ! <-> b:* & (c',
  'a tsquery of nothing but signs': ':* <2147483648> !!! ((( *:A ',
  'a quoted tsquery': `'a b' & !'c'`,
  'a regular expression': '(a+)+$ [[:alpha:]] (?=.*) {1,99999}',
  'ten thousand characters': 'x'.repeat(10_000),
  'ten thousand words': 'ab '.repeat(3333),
  'five thousand emoji': '😀'.repeat(5000),
  'a family and its flag': '👨‍👩‍👧‍👦🏳️‍🌈🇩🇪',
  'combined without end': `e${'\u0301'.repeat(500)}`,
  'letters that grow': 'ßŉǰΐΰﬃİ'.repeat(20),
  'from right to left': '\u202egnp.exe\u202c שלום العالم',
  'what is not seen': '\u200b\u200d\ufeff\u2028\u2029\u00ad',
  'what is no character': '\ufffe\uffff\u{10ffff}',
  prototypes: '__proto__',
  constructors: 'constructor',
  methods: 'toString',
  HTML: '<script>alert(1)</script><img src=x onerror=alert(1)>',
  Markdown: '[a](javascript:alert(1)) ![b](https://example.org/x.png)',
  templates: '{{7*7}} ${7*7} #{7*7} <%= 7*7 %>',
  paths: '../../../../etc/passwd%00.png',
  'a formula': `=HYPERLINK("https://example.org","x")`,
  'a number': '-1e309',
  'no number': 'NaN',
  JSON: '{"$gt":"","__proto__":{"admin":true}}',
  'no id': '00000000-0000-0000-0000-000000000000',
  'an id in braces': '{0195D4A8-0000-7000-8000-000000000001}',
  'an id as a name': 'urn:uuid:0195d4a8-0000-7000-8000-000000000001',
  'an id that goes on': `0195d4a8-0000-7000-8000-000000000001' --`,
  'an address': 'javascript:alert(document.domain)',
  'a long address': `https://example.org/${'a/'.repeat(1500)}`,
  'no zone': 'Etc/../../UTC',
  'a date': '+275760-09-13T00:00:00.001Z',
}

/** Moments that are written well and lie badly. */
export const moments: Record<string, string> = {
  'the year 0': '0000-01-01T00:00:00Z',
  'the year before it': '0000-01-01T00:00:00+14:00',
  'the first year': '0001-01-01T00:00:00Z',
  'long ago': '1582-10-10T00:00:00Z',
  'the beginning': '1970-01-01T00:00:00.000Z',
  'before the beginning': '1969-12-31T23:59:59.999Z',
  'the end of an era': '2038-01-19T03:14:08Z',
  'the last year': '9999-12-31T23:59:59.999Z',
  'a leap day': '2028-02-29T12:00:00Z',
  'many digits': '2026-03-01T09:30:00.123456789Z',
}

export const currencies: Record<string, string> = { none: 'XXX', test: 'XTS', gold: 'XAU', many: 'IRR', 'no decimals': 'JPY', three: 'KWD' }

const smallInts = [0, -1, -(2 ** 31), 2 ** 31 - 1]

/** What to try in the place of a scalar of this name. Throws where nobody has said. */
export function hostileValues(scalar: string): Record<string, unknown> {
  if (scalar === 'String' || scalar === 'ID') return texts
  if (scalar === 'Int') return numbers(smallInts)
  if (scalar === 'SafeInt') return numbers([...smallInts, 2 ** 31, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])
  if (scalar === 'Boolean') return { true: true, false: false, null: null }
  if (scalar === 'DateTime') return { ...moments, ...texts }
  if (scalar === 'Currency') return { ...currencies, ...texts }
  throw new Error(`say what is hostile as ${scalar}`)
}

function numbers(values: readonly number[]): Record<string, number> {
  return Object.fromEntries(values.map((value) => [String(value), value]))
}

import { expect, test } from 'vitest'
import { html, type HtmlValue } from './html.ts'

const written = (value: HtmlValue) => String(html`<b title="${value}">${value}</b>`)

test('what is put in is escaped, in text and in attributes', () => {
  const hostile = `</b><script>alert("1")</script> & 'x' &amp;`
  const escaped = '&lt;/b&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39; &amp;amp;'
  expect(written(hostile)).toBe(`<b title="${escaped}">${escaped}</b>`)
})

test('letters of every script, emoji and patterns of replace stay as they are', () => {
  for (const text of ['שלום', '课程 🎓', '$1 $$ ${text}', '\u202Eright to left', '']) {
    expect(written(text)).toBe(`<b title="${text}">${text}</b>`)
  }
})

test('numbers are written, and null shows nothing', () => {
  expect([written(0), written(12n), written(null), written([])]).toEqual([
    '<b title="0">0</b>',
    '<b title="12">12</b>',
    '<b title=""></b>',
    '<b title=""></b>',
  ])
})

test('what html itself has made is not escaped again, alone or in a list', () => {
  const items = ['<1>', '<2>'].map((item) => html`<i>${item}</i>`)
  expect(String(html`<b>${items}</b>${items[0] ?? null}`)).toBe('<b><i>&lt;1&gt;</i><i>&lt;2&gt;</i></b><i>&lt;1&gt;</i>')
  expect(String(html`${['<', html`<hr />`, ['>']]}`)).toBe('&lt;<hr />&gt;')
})

test('nothing else passes for it, whatever it looks like', () => {
  const forged = Object.assign(Object.create(Object.getPrototypeOf(html``)), { toString: () => '<script>' })
  expect(() => html`${forged}`).toThrow(TypeError)
  const parsed = JSON.parse('{ "text": "<script>" }') as HtmlValue
  expect(() => html`${parsed}`).toThrow(TypeError)
})

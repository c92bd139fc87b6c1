import { fileURLToPath } from 'node:url'
import { Document, Font, Page, StyleSheet, Text, View, renderToBuffer } from '@react-pdf/renderer'
import { createElement, type ReactElement } from 'react'
import type { ReceiptFacts } from './facts.ts'

// The fonts that PDF readers bring know Latin-1 only, and show other letters as wrong ones.
const FAMILY = 'DejaVu Sans'
const LONGEST_WORD = 40
const MISSING = '\u25a1'

Font.register({
  family: FAMILY,
  fonts: [
    { src: fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')) },
    { src: fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf')), fontWeight: 700 },
  ],
})
// A word is broken only where it would not fit into a line.
Font.registerHyphenationCallback((word) => (word.length <= LONGEST_WORD ? [word] : (word.match(/.{1,20}/gsu) ?? [word])))

const styles = StyleSheet.create({
  page: { fontFamily: FAMILY, fontSize: 10, lineHeight: 1.5, padding: 56, color: '#1a1a1a' },
  head: { flexDirection: 'row', justifyContent: 'space-between', marginBottom: 40 },
  title: { fontSize: 22, fontWeight: 700, lineHeight: 1.2 },
  issuer: { alignItems: 'flex-end', maxWidth: 260 },
  row: { flexDirection: 'row', paddingVertical: 6, borderBottomWidth: 0.5, borderBottomColor: '#cccccc' },
  label: { width: 140, color: '#555555' },
  value: { flex: 1 },
  total: { fontWeight: 700 },
  note: { marginTop: 32, fontSize: 8, color: '#555555' },
})

/** A receipt as PDF: of the same facts, the same bytes. */
export async function renderReceipt(facts: ReceiptFacts): Promise<Buffer> {
  const writable = await createWriting()
  return renderToBuffer(receiptDocument(facts, writable))
}

interface Writing {
  /** What the typeface can show of a text. */
  (text: string): string
  /** Whether something could not be shown so far. */
  isLacking(): boolean
}

function receiptDocument(facts: ReceiptFacts, show: Writing): ReactElement<ReactDocumentProps> {
  const { number, issuer, issuedAt, issuedAtMs, payer, account, course, price, refunded, left, payment } = facts
  const date = new Date(issuedAtMs)
  const rows = [
    row('Date', issuedAt),
    ...(payer === null ? [] : [row('Paid by', show(payer))]),
    row('Account', account),
    row('Course', show(course)),
    row('Price paid', price, styles.total),
    row('Given back so far', refunded),
    row('Remaining', left),
    row('Payment', payment),
  ]
  const head = createElement(
    View,
    { key: 'head', style: styles.head },
    createElement(
      View,
      { key: 'title' },
      createElement(Text, { key: 'word', style: styles.title }, 'Receipt'),
      createElement(Text, { key: 'number' }, number),
    ),
    createElement(
      View,
      { key: 'issuer', style: styles.issuer },
      ...issuer.map((line, index) => createElement(Text, { key: index }, show(line))),
    ),
  )
  const note = show.isLacking()
    ? [createElement(Text, { key: 'note', style: styles.note }, `${MISSING} stands for a letter that this typeface lacks.`)]
    : []
  const page = createElement(Page, { size: 'A4', style: styles.page }, head, ...rows, ...note)
  const title = `Receipt ${number}`
  // What is not said is taken from the clock, and no two files are alike.
  return createElement(
    Document,
    { title, author: issuer[0] ?? '', creator: 'Stellr', producer: 'Stellr', language: 'en', creationDate: date, modificationDate: date },
    page,
  )
}

type ReactDocumentProps = NonNullable<Parameters<typeof renderToBuffer>[0]>['props']

function row(label: string, value: string, style = {}): ReactElement {
  return createElement(
    View,
    { key: label, style: styles.row, wrap: false },
    createElement(Text, { key: 'label', style: styles.label }, label),
    createElement(Text, { key: 'value', style: [styles.value, style] }, value),
  )
}

// For a letter that it lacks, the renderer falls back to a font of the reader's, and another letter is shown in its place.
async function createWriting(): Promise<Writing> {
  const descriptor = { fontFamily: FAMILY, fontWeight: 400 } as const
  await Font.load(descriptor)
  const font = Font.getFont(descriptor)?.data
  let lacking = false
  const shown = (character: string) => {
    if (font?.hasGlyphForCodePoint(character.codePointAt(0) ?? 0) === true) return character
    // Joiners and the like are not shown anyway.
    if (/^\p{Default_Ignorable_Code_Point}$/u.test(character)) return ''
    lacking = true
    return MISSING
  }
  return Object.assign((text: string) => Array.from(text.normalize('NFC'), shown).join(''), { isLacking: () => lacking })
}

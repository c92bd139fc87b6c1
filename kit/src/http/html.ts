const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

// A class, because nothing that comes from outside can be made to look like one of these.
class Markup {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  static is(value: unknown): value is Markup {
    return typeof value === 'object' && value !== null && #text in value
  }

  toString(): string {
    return this.#text
  }
}

/** HTML that may be shown as it is. Only the tag `html` makes it; String(…) is its text. */
export type Html = Markup

/** What a template may hold: null shows nothing. */
export type HtmlValue = Html | string | number | bigint | null | readonly HtmlValue[]

/**
 * Makes HTML of a template. Whatever is put into it is escaped, for text and for attributes in quotes, unless it was made by `html`
 * itself. It does not make a strange address safe to link to, and nothing strange belongs within script or style.
 */
export function html(template: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Markup(template.map((text, index) => (index === 0 ? text : `${shown(values[index - 1] ?? null)}${text}`)).join(''))
}

function shown(value: HtmlValue): string {
  if (value === null) return ''
  if (Markup.is(value)) return value.toString()
  if (typeof value === 'object') return value.map(shown).join('')
  return `${value}`.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
}

const LONGEST_WORD = 40
const MOST_SOUGHT = 10

// Letters that Unicode does not take apart into a plain one and a mark.
const plain: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ħ: 'h', ı: 'i' }

/**
 * The words of a text as the catalogue knows them: in small letters, without accents, and nothing in them but letters and
 * digits, so that they mean nothing to whatever reads them next. Texts and searches both go through here.
 */
export function wordsOf(text: string): string[] {
  const folded = text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[ßæœøđðþłħı]/g, (letter) => plain[letter] ?? letter)
  // The languages whose names are told apart by signs only.
  const named = folded.replaceAll(/(?<![\p{L}\p{N}])([a-z])(\+\+|#)/gu, (_, letter, sign) => letter + (sign === '#' ? 'sharp' : 'plusplus'))
  return (named.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => Array.from(word).slice(0, LONGEST_WORD).join(''))
}

/** What a search looks for: its first ten different words. */
export function soughtWords(search: string): string[] {
  return [...new Set(wordsOf(search))].slice(0, MOST_SOUGHT)
}

/** Lines of a table: columns as wide as they must be, numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => String(row[column] ?? '').length)))
  const isNumeric = head.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'))
  const line = (cells: readonly (string | number)[]) =>
    widths.map((width, column) => pad(String(cells[column] ?? ''), width, isNumeric[column] === true)).join('  ')
  return [line(head), ...rows.map(line)].map((text) => text.trimEnd())
}

/** How long something has lasted, in the unit that says enough: `4 s`, `12 min`, `3 h`, `2 d`. */
export function duration(seconds: number): string {
  const [, size, unit] = units.find(([limit]) => seconds < limit) ?? units[3]
  return `${Math.round(seconds / size)} ${unit}`
}

const units = [
  [100, 1, 's'],
  [100 * 60, 60, 'min'],
  [48 * 3600, 3600, 'h'],
  [Number.POSITIVE_INFINITY, 86_400, 'd'],
] as const

function pad(text: string, width: number, toTheRight: boolean): string {
  return toTheRight ? text.padStart(width) : text.padEnd(width)
}

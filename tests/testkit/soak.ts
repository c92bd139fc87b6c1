/** Whether the long form was asked for. */
export const soak = process.env['SOAK'] === '1'

/** How often a guarantee's loop runs: a tenth of the long form, or less of it, unless SOAK=1 asks for all of it. */
export function rounds(longForm: number, part = 10): number {
  return soak ? longForm : Math.max(1, Math.round(longForm / part))
}

/** How often a guarantee's loop runs: a tenth of the long form unless SOAK=1 asks for all of it. */
export function rounds(longForm: number): number {
  return process.env['SOAK'] === '1' ? longForm : Math.max(1, Math.round(longForm / 10))
}

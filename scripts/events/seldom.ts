/** The same function, heard at most once a second. */
export function seldom<Arguments extends unknown[]>(say: (...given: Arguments) => void): (...given: Arguments) => void {
  let saidAt = Date.now()
  return (...given) => {
    if (Date.now() - saidAt < 1_000) return
    saidAt = Date.now()
    say(...given)
  }
}

/** What a school answered, in order, with everything that differs from run to run replaced by a numbered name. */
export interface Transcript {
  add(asked: string, status: number, contentType: string | null, body: string): void
  text(): string
}

// The order counts: a refresh token may contain what looks like part of another kind.
const changing: readonly [name: string, pattern: RegExp][] = [
  ['client-secret', /sandbox_[0-9a-f-]{36}_secret_[\w-]+/g],
  ['signature', /(?<=[?&])expires=\d+&signature=[\w-]+/g],
  ['platform', /http:\/\/127\.0\.0\.1:\d+/g],
  ['access-token', /eyJ[\w-]+\.[\w-]+\.[\w-]+/g],
  ['id', /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g],
  ['time', /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g],
  ['opaque', /(?<=")[\w-]{60,}(?=")/g],
]

export function createTranscript(): Transcript {
  const entries: string[] = []
  const names = new Map<string, string>()
  const counts = new Map<string, number>()
  const nameFor = (kind: string) => (value: string) => {
    // In one topology and not in the other, two moments may fall into one millisecond, and two access tokens of a session
    // or two signatures of a receipt into one second: then they are the same.
    if (kind === 'time' || kind === 'access-token' || kind === 'signature') return `<${kind}>`
    const known = names.get(value)
    if (known) return known
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    const name = `<${kind} ${count}>`
    names.set(value, name)
    return name
  }
  return {
    add(asked, status, contentType, body) {
      const shown = changing.reduce((text, [kind, pattern]) => text.replaceAll(pattern, nameFor(kind)), body)
      entries.push(`${asked}\n${status} ${contentType}\n${shown}`)
    },
    text: () => entries.join('\n\n'),
  }
}

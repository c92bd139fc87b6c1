/** Two ids as one key of a loader. */
export function pair(first: string, second: string | number): string {
  return `${first} ${second}`
}

export function unpair(key: string): [string, string] {
  const [first = '', second = ''] = key.split(' ')
  return [first, second]
}

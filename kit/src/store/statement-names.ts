/** Names for the statements that a connection prepares: `(query) => name`, '' for those that are not worth it. */
export type StatementNames = (query: { sql: string; args: readonly unknown[] }) => string

/**
 * Gives each statement text a name of its own, so that connections parse and plan it once. Each connection keeps what it
 * has prepared for as long as it lives, so at most `limit` texts are named, and none with a long list of parameters:
 * IN ($1, ..., $n) is a new text for each length.
 */
export function createStatementNames(limit = 300, mostParameters = 24): StatementNames {
  const names = new Map<string, string>()
  return ({ sql, args }) => {
    const known = names.get(sql)
    if (known !== undefined) return known
    if (names.size >= limit || args.length > mostParameters) return ''
    const name = `stellr_${names.size}`
    names.set(sql, name)
    return name
  }
}

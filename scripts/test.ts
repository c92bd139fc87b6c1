// npm test [-- arguments of vitest run]
process.env['NODE_ENV'] = 'test'
process.argv.splice(2, 0, 'run')
// @ts-expect-error -- the command itself, which has no types
await import('../node_modules/vitest/vitest.mjs')

export {}

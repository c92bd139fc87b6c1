// npm test [-- arguments of vitest run]
process.env['NODE_ENV'] = 'test'
// Coverage is less exact with code from the cache.
delete process.env['NODE_COMPILE_CACHE']
process.argv.splice(2, 0, 'run')
// @ts-expect-error -- the command itself, which has no types
await import('../node_modules/vitest/vitest.mjs')

export {}

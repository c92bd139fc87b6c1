import { createRequire } from 'node:module'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './kit/src/testing/longest-first.ts'

const parts = ['kit', 'schema', 'router', 'subgraphs', 'demo', 'tests', 'scripts']

// vitest reads its configuration from a default export.
export default defineConfig({
  // The copy that Node itself resolves: otherwise tests would import graphql's ES modules, and Apollo its CommonJS ones.
  resolve: { alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }] },
  test: {
    include: parts.map((part) => `${part}/**/*.test.ts`),
    globalSetup: [
      'kit/src/testing/global-setup.ts',
      'tests/testkit/kafka-setup.ts',
      'tests/testkit/stripe-mock-setup.ts',
      'tests/testkit/browser-setup.ts',
    ],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // Files of one worker share loaded modules, which saves a third of the time: a test closes what it opens.
    isolate: false,
    testTimeout: 40_000,
    hookTimeout: 90_000,
    // A condition that holds is seen at once; on a busy machine it may take a while until it does.
    expect: { poll: { timeout: 10_000 } },
    env: { NODE_ENV: 'test', APOLLO_TELEMETRY_DISABLED: 'true' },
    coverage: {
      provider: 'v8',
      include: ['kit/src/**/*.ts', 'router/src/**/*.ts', 'subgraphs/*/src/**/*.ts'],
      exclude: ['**/generated/**', '**/*.test.ts', 'kit/src/testing/**'],
      thresholds: { 'kit/**': { lines: 80 }, 'router/**': { lines: 80 }, 'subgraphs/**': { lines: 80 } },
      reporter: ['text-summary', 'json-summary', 'html'],
    },
  },
})

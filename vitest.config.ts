import { createRequire } from 'node:module'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: {
    // Vite would pick graphql's ES modules while Apollo's CommonJS loads the others: two copies that refuse each other.
    alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }],
  },
  test: { testTimeout: 20_000 },
})

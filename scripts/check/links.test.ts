import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findDeadLinks } from './links.ts'
import { findLongFiles } from './sizes.ts'

const root = mkdtempSync(join(tmpdir(), 'stellr-links-'))
afterAll(() => rmSync(root, { recursive: true }))
mkdirSync(join(root, 'docs'))
const write = (path: string, text: string) => writeFileSync(join(root, path), text)

test('a link to a missing file or heading is found, and nothing else is', () => {
  write(
    'README.md',
    '# Stellr\n[a](docs/a.md) [b](docs/missing.md) [c](docs/a.md#two-words) [d](docs/a.md#three) [e](https://example.org/x)\n',
  )
  write(
    'docs/a.md',
    '# A\n## Two `words`\n[up](../README.md#stellr) [self](#a)\n\n[ref]: gone.md\n\n```\n[code](nowhere.md)\n# three\n```\n',
  )
  expect(findDeadLinks(root)).toEqual([
    'README.md links to docs/missing.md, which is not there',
    'README.md links to docs/a.md#three, but docs/a.md has no such heading',
    'docs/a.md links to gone.md, which is not there',
  ])
})

test('a file of more than 350 lines is found', () => {
  write('short.ts', 'line\n'.repeat(350))
  write('long.ts', 'line\n'.repeat(351))
  expect(findLongFiles(root)).toEqual([expect.stringMatching(/^long\.ts has 351 lines/)])
})

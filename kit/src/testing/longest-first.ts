import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { fromRoot } from '../paths.ts'

/**
 * Files that open whole platforms go first: begun last, one of them would run on alone while every other worker has nothing left
 * to do. (A fresh clone does not know yet how long each takes.)
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- it is no array's
    const sorted = await super.sort(files)
    return sorted.toSorted((one, other) => rankOf(one) - rankOf(other))
  }
}

const first = ['tests/journeys/', 'tests/guarantees/', 'tests/', 'kit/src/events/', 'scripts/']

function rankOf({ moduleId }: TestSpecification): number {
  const path = relative(fromRoot('.'), moduleId)
  const rank = first.findIndex((folder) => path.startsWith(folder))
  return rank < 0 ? first.length : rank
}

import type { CategoryContent } from './types.ts'

export const categories: readonly CategoryContent[] = [
  { slug: 'design', name: 'Design' },
  { slug: 'programming', name: 'Programming' },
  { slug: 'data', name: 'Data & Statistics' },
  { slug: 'languages', name: 'Languages & Writing' },
  { slug: 'music', name: 'Music & Sound' },
  { slug: 'food', name: 'Food & Cooking' },
  { slug: 'business', name: 'Business & Work' },
  { slug: 'science', name: 'Science & Nature' },
]

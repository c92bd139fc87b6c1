import type { CourseContent } from '../types.ts'

export const designSystemsThatSurvive: CourseContent = {
  slug: 'design-systems-that-survive',
  title: 'Design Systems That Survive',
  description:
    'Many design systems are launched with cake and abandoned within two years. This course is about the ones that live: how to decide what goes in, name things so that they can change, and run the whole as a product with customers. For designers and engineers who have built components before.',
  category: 'design',
  difficulty: 'ADVANCED',
  instructor: 'idris',
  tags: ['interfaces', 'architecture', 'teamwork', 'typography'],
  price: { amount: 8_900, currency: 'EUR' },
  accessDays: 365,
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Deciding what belongs',
      lessons: [
        {
          key: 'graveyard-tour',
          title: 'A tour of the graveyard',
          kind: 'VIDEO',
          durationSeconds: 500,
          freePreview: true,
          body: 'Five systems that died and the day on which each became inevitable. None of them died of ugly components.',
        },
        {
          key: 'inventory',
          title: 'Inventory before invention',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Collect before you design. Take screenshots of every button, every date, every empty state in the products you serve, and pin them next to each other. Forty-one buttons on one wall convince a sceptical director better than any slide.

Then sort by *meaning*, not by look. Two blue rectangles may be "save" and "go there", which want to change independently. A link and a menu item may look different and be the same choice.

What occurs in three products or more is a candidate for the system. What occurs in one belongs to that product, however elegant it would be to own it.`,
        },
        {
          key: 'not-a-component',
          title: 'When the answer is not a component',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `A team asks for a "filter panel with tabs". You could build it. Six weeks later the next team wants it without tabs, then with a map.

Ask what changes together. If only the look repeats, give them tokens. If the behaviour repeats, such as roving focus or a date that is typed in five ways, give them a primitive without a look. If the whole arrangement repeats along with its words, write a pattern: an example with reasons, to be copied and altered.

A component is the most expensive of the four. It is a promise to everybody who uses it.`,
        },
      ],
    },
    {
      title: 'Naming things that change',
      lessons: [
        {
          key: 'tokens-three-layers',
          title: 'Tokens in three layers',
          kind: 'VIDEO',
          durationSeconds: 580,
          prerequisites: ['inventory'],
          body: 'Raw values, roles, components. We switch a product to a dark theme by editing forty lines, then break the rule on purpose to see what it costs.',
        },
        {
          key: 'naming-roles',
          title: 'Names that outlive a rebranding',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `\`blue-500\` says what it is, \`action-background\` says what it is for. Only the second can turn green without lying.

Good role names answer three questions in a fixed order: *where* (surface, text, border), *what for* (action, danger, neutral), *how strongly* (default, subtle, strong). Write the grammar down before the list; a newcomer should be able to guess a name that exists.

Avoid places (\`sidebar-grey\`), occasions (\`black-friday-red\`) and people. And when a name turns out to be wrong, keep the old one as an alias with a date on it. Renaming is cheap, surprise is not.`,
        },
        {
          key: 'component-contracts',
          title: 'The contract of a component',
          kind: 'VIDEO',
          durationSeconds: 615,
          body: 'Inputs, slots, states, keyboard, and what a component promises *not* to do. A dialog is specified live, with objections from an engineer.',
        },
      ],
    },
    {
      title: 'Staying alive',
      lessons: [
        {
          key: 'versioning',
          title: 'Versions, deprecation and trust',
          kind: 'ARTICLE',
          durationSeconds: 135,
          prerequisites: ['component-contracts'],
          body: `Every upgrade that hurts teaches a team to wait. After two of them they sit three versions back and fix your bugs locally, and your system is dead in that product without anybody having said so.

So make the upgrade boring. Ship small changes often. Announce a removal with a date, a replacement and, where possible, a script that does the rewriting. Count who still uses the old way, and talk to them *before* the date.

Breaking changes are sometimes right. Then be the one who opens the pull request in their repository. It costs you a day and buys a year of goodwill.`,
        },
        {
          key: 'office-hours',
          title: 'Office hours and other rituals',
          kind: 'VIDEO',
          durationSeconds: 390,
          body: 'How three very different organisations keep a system close to its users: open hours, a rotating seat in the core team, and a monthly show of odd uses.',
        },
        {
          key: 'measuring-adoption',
          title: 'Measuring without fooling yourself',
          kind: 'VIDEO',
          durationSeconds: 430,
          required: false,
          body: 'Coverage counts what is imported, not what helps. Better questions, and a small script that answers two of them.',
        },
        {
          key: 'system-charter',
          title: 'Template: a charter on one page',
          kind: 'DOCUMENT',
          durationSeconds: 300,
          prerequisites: ['not-a-component', 'versioning'],
          body: 'Who it serves, what it will not do, who decides, how to contribute, how things end. Filled in for an invented ferry company, with a blank copy.',
        },
      ],
    },
  ],
  review: {
    stars: 4,
    comment:
      'Finally somebody talks about governance, deprecation and people, not only about buttons. Would have liked more on multi-brand theming.',
  },
}

import type { CourseContent } from '../types.ts'

export const typographyThatWorks: CourseContent = {
  slug: 'typography-that-works',
  title: 'Typography That Works',
  description:
    'Most of what we design is text, and most text is set by accident. This course takes you from choosing a typeface to a page that people read to the end, with the handful of numbers worth knowing by heart. You will set a recipe, a contract and a mobile article.',
  category: 'design',
  difficulty: 'INTERMEDIATE',
  instructor: 'idris',
  tags: ['typography', 'interfaces', 'writing'],
  price: { amount: 3_900, currency: 'EUR' },
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Letters',
      lessons: [
        {
          key: 'reading-is-jumping',
          title: 'Reading is jumping',
          kind: 'VIDEO',
          durationSeconds: 370,
          freePreview: true,
          body: "Eyes do not glide along a line, they hop. A slowed-down recording of a reader's gaze shows what type has to make easy.",
        },
        {
          key: 'choosing-a-typeface',
          title: 'Choosing a typeface without despair',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Start from the job. Long reading wants moderate contrast between thick and thin strokes, open shapes, and a real italic. Small labels want a generous x-height, so that the lower-case letters stay large. Numbers in tables want figures of equal width.

Now set *your own* text in three candidates: the actual words, the actual size, the actual screen. Look for letters that your language uses a lot. Polish without good diacritics is unreadable, however lovely the capital Q.

Then stop. One family with four styles is enough for nearly everything. A second typeface should have a second job, not a second mood.`,
        },
        {
          key: 'confusable-letters',
          title: 'Il1 O0: the letters that get people locked out',
          kind: 'VIDEO',
          durationSeconds: 285,
          body: 'Passwords, serial numbers and prescriptions: a tour of characters that look alike, and typefaces that keep them apart.',
        },
      ],
    },
    {
      title: 'Lines and paragraphs',
      lessons: [
        {
          key: 'line-length',
          title: 'Size, measure, leading: one decision, not three',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Make the line longer, and the eye has further to travel back; give it more space between lines so it finds the right one. Make the letters larger, and the line holds fewer of them. So these three are set together.

Numbers to begin with, for running text on a screen:

- 16 to 20 pixels of size
- 45 to 75 characters to a line
- 1.4 to 1.6 times the size as line height

Headings want the opposite: the larger the type, the tighter the lines, often down to 1.1. Then print it, or hold the phone at arm's length, and trust your eyes over the list.`,
        },
        {
          key: 'spacing-paragraphs',
          title: 'Indent or gap, never both',
          kind: 'VIDEO',
          durationSeconds: 350,
          body: 'What a paragraph break has to say and how little it needs to say it. Includes the most common accident in word processors.',
        },
        {
          key: 'hierarchy',
          title: 'Five levels with two sizes',
          kind: 'VIDEO',
          durationSeconds: 440,
          prerequisites: ['line-length'],
          body: 'Building a whole hierarchy from weight, space and position, before reaching for a third size.',
        },
      ],
    },
    {
      title: 'Real pages',
      lessons: [
        {
          key: 'set-a-recipe',
          title: 'Setting a recipe',
          kind: 'VIDEO',
          durationSeconds: 520,
          body: 'The cook has wet hands and stands a metre away. Ingredients, steps and timings are set three times until it works from there.',
        },
        {
          key: 'set-a-contract',
          title: 'Setting a contract people read',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Contracts look forbidding partly because they are set that way: nine-point type, lines of 120 characters, justified, no headings. Nothing in the law asks for it.

Give each clause a heading that states its content ("You may cancel within 14 days") and hang the number in the margin, where it helps those who need to cite it and bothers nobody else. Set terms that are defined in small capitals or bold at their definition only. Put the amounts and dates of *this* contract into a table on the first page.

You will find that lawyers like it too: they read more of these than anyone.`,
        },
        {
          key: 'checklist-type',
          title: "Handout: the typesetter's last look",
          kind: 'DOCUMENT',
          durationSeconds: 240,
          body: 'Two pages to go through before anything is published: quotes, dashes, widows, figures in tables, non-breaking spaces, and the three places where a soft hyphen saves a layout.',
        },
      ],
    },
  ],
  review: {
    stars: 5,
    comment: 'The lesson on line length alone was worth the price. I have become unbearable about menus in restaurants.',
  },
}

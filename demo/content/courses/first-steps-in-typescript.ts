import type { CourseContent } from '../types.ts'

export const firstStepsInTypescript: CourseContent = {
  slug: 'first-steps-in-typescript',
  title: 'First Steps in TypeScript',
  description:
    'Learn to program by building a small library catalogue that runs in your own terminal. You meet values, functions, types and errors in the order in which you need them, and the compiler becomes a patient colleague. No experience needed, only the willingness to read error messages aloud.',
  category: 'programming',
  difficulty: 'BEGINNER',
  instructor: 'marta',
  tags: ['typescript', 'fundamentals', 'hands-on'],
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Saying things to a computer',
      lessons: [
        {
          key: 'hello-terminal',
          title: 'Hello, terminal',
          kind: 'VIDEO',
          durationSeconds: 425,
          freePreview: true,
          body: 'Installing Node, opening a terminal without fear, and making the machine say something. Every step is shown on Windows, macOS and Linux.',
        },
        {
          key: 'values-and-names',
          title: 'Values and names',
          kind: 'ARTICLE',
          durationSeconds: 120,
          freePreview: true,
          body: `A program handles *values*: the text \`"Middlemarch"\`, the number \`880\`, the truth \`true\`. To speak about a value later, you give it a name:

    const title = "Middlemarch"
    const pages = 880

\`const\` means that the name will always stand for this value. There is also \`let\`, for names that move on to another value as the program runs. Use \`const\` until you cannot; a name that never changes is one thing less to keep in your head.

Choose names as if you were explaining the program to a friend. \`pages\` tells a story, \`p\` tells a riddle.`,
        },
        {
          key: 'reading-errors',
          title: 'Reading an error message aloud',
          kind: 'VIDEO',
          durationSeconds: 380,
          body: 'We break the program in seven ways and read what comes back, slowly, from the first line. Most of it turns out to be an address.',
        },
      ],
    },
    {
      title: 'Functions and choices',
      lessons: [
        {
          key: 'functions',
          title: 'Functions: a name for a piece of work',
          kind: 'ARTICLE',
          durationSeconds: 105,
          body: `A function takes something, does a piece of work, and gives something back:

    function shelfLabel(author: string, title: string): string {
      return \`\${author.toUpperCase()}: \${title}\`
    }

The words after the colons are *types*. They say what goes in and what comes out, and the compiler holds you to it: call \`shelfLabel(42)\` and it objects before the program ever runs.

Keep a function so small that its name says everything. When you are tempted to call one \`loadAndSortAndPrint\`, you have found three functions that want to live apart.`,
        },
        {
          key: 'choices',
          title: 'If, else, and getting out early',
          kind: 'VIDEO',
          durationSeconds: 400,
          body: 'Overdue books, three kinds of readers, and a tangle of conditions that becomes a short list once each case leaves as soon as it is settled.',
        },
        {
          key: 'lists',
          title: 'Lists, and doing something to each',
          kind: 'VIDEO',
          durationSeconds: 490,
          body: 'Arrays, `map`, `filter` and `for`. We find all books longer than 500 pages in three ways and compare how they read.',
        },
        {
          key: 'objects',
          title: 'Objects: things with parts',
          kind: 'ARTICLE',
          durationSeconds: 105,
          prerequisites: ['values-and-names'],
          body: `A book is not a title and some pages lying about separately. Put them together:

    type Book = { title: string; author: string; pages: number; lentTo?: string }

The question mark says that \`lentTo\` may be missing, for a book on the shelf. Now TypeScript will not let you print \`book.lentTo.toUpperCase()\` until you have checked that somebody has it. That is among the most common crashes in all of programming, and you will have met it as a red line in your editor instead of on a Sunday evening.`,
        },
      ],
    },
    {
      title: 'The catalogue',
      lessons: [
        {
          key: 'catalogue-one',
          title: 'Building the catalogue, part one',
          kind: 'VIDEO',
          durationSeconds: 690,
          prerequisites: ['functions', 'lists', 'objects'],
          body: 'From an empty file to a program that lists, finds and lends books. Pause whenever you want to guess the next line.',
        },
        {
          key: 'catalogue-two',
          title: 'Building the catalogue, part two',
          kind: 'VIDEO',
          durationSeconds: 735,
          prerequisites: ['catalogue-one'],
          body: 'Reading and writing a file, so that the books are still there tomorrow. What happens when the file is missing, or nonsense.',
        },
      ],
    },
    {
      title: 'Sharper tools',
      lessons: [
        {
          key: 'unions',
          title: 'One of several: union types',
          kind: 'ARTICLE',
          durationSeconds: 105,
          body: `A reader's request ends in one of three ways. Write exactly that:

    type Outcome =
      | { kind: "lent"; until: string }
      | { kind: "reserved"; position: number }
      | { kind: "refused"; reason: string }

Look at \`outcome.kind\`, and inside each branch TypeScript knows which other parts exist. Forget one of the three and it tells you, even a year later when somebody adds a fourth.

This small idea, *say all the cases and nothing else*, removes more bugs than any amount of care.`,
        },
        {
          key: 'promises',
          title: 'Waiting for an answer',
          kind: 'VIDEO',
          durationSeconds: 550,
          body: 'Asking a web service about a book: what `await` does, what a promise is, and why a program may do other things meanwhile.',
        },
        {
          key: 'asking-well',
          title: 'How to ask for help with code',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `Every programmer is stuck every day. What differs is how long, and that depends on how they ask.

Say what you wanted, what you did, what happened instead, and what you have tried. Paste the *whole* error as text, not as a photograph. Then shrink the program: take lines away until the trouble disappears, and put the last one back. In half of all cases you now see the mistake yourself, and in the other half somebody can help you in a minute.

Talking to a rubber duck works in the same way. It never interrupts.`,
        },
      ],
    },
    {
      title: 'Going on',
      lessons: [
        {
          key: 'exercises-ts',
          title: 'Twelve exercises with hints',
          kind: 'DOCUMENT',
          durationSeconds: 1200,
          required: false,
          body: 'From "swap two names" to "the librarian\'s Monday report". Hints are printed upside down at the foot of each page, solutions come at the end.',
        },
        {
          key: 'where-next',
          title: 'Where to go from here',
          kind: 'VIDEO',
          durationSeconds: 270,
          required: false,
          body: 'Three roads (the browser, the server, small tools for yourself) and one honest project idea for each.',
        },
      ],
    },
  ],
  review: {
    stars: 5,
    comment: 'Third attempt at learning to code, first one that stuck. Reading the error messages aloud sounds silly and works.',
  },
}

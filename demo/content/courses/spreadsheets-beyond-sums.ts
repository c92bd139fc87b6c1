import type { CourseContent } from '../types.ts'

export const spreadsheetsBeyondSums: CourseContent = {
  slug: 'spreadsheets-beyond-sums',
  title: 'Spreadsheets beyond Sums',
  description:
    "Half the world's decisions pass through a spreadsheet, and many of them through a wrong one. Learn to lay out sheets that others understand, to look things up, to summarise with pivots, and to find mistakes before they find you. Works with any common program.",
  category: 'data',
  difficulty: 'BEGINNER',
  instructor: 'hiroshi',
  tags: ['hands-on', 'money', 'statistics'],
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Order',
      lessons: [
        {
          key: 'one-row-one-thing',
          title: 'One row, one thing',
          kind: 'VIDEO',
          durationSeconds: 360,
          freePreview: true,
          body: "A choir's member list that has grown for nine years is tidied up in front of you: no merged cells, no colours that mean something.",
        },
        {
          key: 'three-sheets',
          title: 'Three sheets: facts, workings, answers',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `Most spreadsheets rot because everything happens everywhere. Give each kind of cell its own place.

**Facts** is what you typed or imported, one row per thing, never touched by formulas. **Workings** is where formulas live, ugly and explained. **Answers** is what others see: few numbers, large, with units.

Put every assumption, such as the VAT rate or the price of a ticket, into one named cell on the facts sheet and refer to it by name. When the rate changes you change one cell, and whoever reads \`=net * (1 + vat_rate)\` needs no detective.`,
        },
        {
          key: 'dates',
          title: 'Dates, the worst of all data types',
          kind: 'VIDEO',
          durationSeconds: 340,
          body: 'Why 3/4 is in March here and in April there, what a date really is inside, and how to keep your program from guessing.',
        },
      ],
    },
    {
      title: 'Looking up and summing up',
      lessons: [
        {
          key: 'lookups',
          title: 'Looking things up',
          kind: 'VIDEO',
          durationSeconds: 495,
          body: 'From VLOOKUP to XLOOKUP, exact and approximate, and what to do about the one name that is spelled in two ways.',
        },
        {
          key: 'sumifs',
          title: 'Sums with conditions',
          kind: 'ARTICLE',
          durationSeconds: 105,
          body: `\`SUMIFS\` reads almost like a sentence: add up *amounts*, where *category* is "travel", where *date* is in March.

    =SUMIFS(amount, category, "travel", date, ">="&start, date, "<"&end)

Two habits save grief. Give ranges names, or use a table, so the formula grows with the data; half of all wrong totals come from a range that stopped at row 500. And use "before the first of April" for the end of March: it catches the thirty-first even at ten in the evening.

Its siblings \`COUNTIFS\` and \`AVERAGEIFS\` work the same way.`,
        },
        {
          key: 'pivots',
          title: 'Pivot tables without fear',
          kind: 'VIDEO',
          durationSeconds: 570,
          prerequisites: ['one-row-one-thing'],
          body: "Drag, drop, read. We answer eleven questions about a bakery's year without writing a single formula.",
        },
      ],
    },
    {
      title: 'Trust',
      lessons: [
        {
          key: 'error-hunt',
          title: "Hunting errors in a stranger's sheet",
          kind: 'VIDEO',
          durationSeconds: 470,
          body: 'A budget with five planted mistakes. Tracing arrows, control totals, and the habit of changing an input to see what moves.',
        },
        {
          key: 'checks',
          title: 'Sheets that check themselves',
          kind: 'ARTICLE',
          durationSeconds: 120,
          prerequisites: ['three-sheets'],
          body: `A good sheet knows when it is wrong. Beside your answers keep a small block of checks, each of which gives TRUE or FALSE: the parts add up to the whole; no member occurs twice; no date is in the future; the imported total equals the one in the bank statement.

Then one cell at the very top: *all checks pass*, green or red. It costs ten minutes. The first time it turns red on a Friday, before the sheet has gone out to forty people, it has paid for itself for ever.`,
        },
      ],
    },
    {
      title: 'Growing out of it',
      lessons: [
        {
          key: 'when-to-stop',
          title: 'When it should stop being a spreadsheet',
          kind: 'ARTICLE',
          durationSeconds: 120,
          required: false,
          body: `Spreadsheets are superb for thinking and poor at being an institution. There are signs that yours has become one: two people need to edit it at once and have a rota; the file name ends in *final_v7*; somebody's holiday stops the invoices; it holds addresses that should be protected by more than good will.

Then write down what it knows (the columns, the rules, the exceptions), because that is the hard part and you have already done it. A small database with a form in front will be a week's work for someone, and your sheet is the specification.`,
        },
        {
          key: 'templates-pack',
          title: 'Starter pack: four sheets to steal from',
          kind: 'DOCUMENT',
          durationSeconds: 300,
          body: 'Household budget, club membership, stock list, project hours: laid out as taught here, with checks and notes.',
        },
      ],
    },
  ],
  review: { stars: 5, comment: 'XLOOKUP and tidy tables. I got an afternoon a week back, and I have told nobody at the office.' },
}

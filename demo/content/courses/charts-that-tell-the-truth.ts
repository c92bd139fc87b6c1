import type { CourseContent } from '../types.ts'

export const chartsThatTellTheTruth: CourseContent = {
  slug: 'charts-that-tell-the-truth',
  title: 'Charts That Tell the Truth',
  description:
    'A chart is an argument, and you are responsible for what it makes people believe. Learn which shapes the eye can compare, how to choose an axis without lying, and how to write a title that says what you found. We draw everything by hand first and with software second.',
  category: 'data',
  difficulty: 'INTERMEDIATE',
  instructor: 'hiroshi',
  tags: ['visualization', 'colour', 'statistics'],
  price: { amount: 2_900, currency: 'EUR' },
  status: 'PUBLISHED',
  modules: [
    {
      title: 'What the eye can measure',
      lessons: [
        {
          key: 'guess-the-ratio',
          title: 'How much larger is it?',
          kind: 'VIDEO',
          durationSeconds: 320,
          freePreview: true,
          body: 'Guess some ratios: lengths, angles, areas, greys. Your own errors on paper will tell you which charts to trust.',
        },
        {
          key: 'ladder-of-marks',
          title: 'A ladder of marks',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `People compare positions on a common line best, then lengths, then slopes and angles, then areas, and last of all shades of colour. The order was found in experiments in the 1980s and has held up well.

So put the comparison that matters on the highest rung you can. A dot plot beats a bar chart when zero is far away, a bar chart beats a pie, and a pie beats bubbles on a map.

Lower rungs are fine for what need not be compared precisely. Colour is a poor ruler and an excellent label: it tells you at a glance *which* line is Portugal.`,
        },
        {
          key: 'choose-a-chart',
          title: 'From question to chart',
          kind: 'VIDEO',
          durationSeconds: 465,
          prerequisites: ['ladder-of-marks'],
          body: 'Four questions (how many, how has it changed, how is it spread, do they go together) and one dependable answer to each.',
        },
      ],
    },
    {
      title: 'Honest axes',
      lessons: [
        {
          key: 'zero-or-not',
          title: 'Must the axis start at zero?',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `For bars, yes. A bar says "this long", and if you cut off its foot it says something false: sales that rose by two per cent look doubled.

For lines and dots, no. They speak about position and slope. A fever curve that began at zero degrees would be a flat line and would kill people.

What you owe the reader in both cases is a fair frame. Ask what change would matter in practice, and let the axis make that visible and smaller ones small. And never use two vertical axes: by sliding one of them you can make any two lines cross wherever you please.`,
        },
        {
          key: 'time-axes',
          title: 'Time, gaps and unfinished months',
          kind: 'VIDEO',
          durationSeconds: 375,
          body: 'Missing weeks that vanish, a last bar that is only half a month old, and the panic they cause every year on the third of January.',
        },
        {
          key: 'logarithms',
          title: 'When to use a logarithmic scale',
          kind: 'VIDEO',
          durationSeconds: 430,
          required: false,
          body: 'Growth as a straight line: what it shows marvellously, what your audience will misunderstand, and a sentence that helps.',
        },
      ],
    },
    {
      title: 'Words and colours',
      lessons: [
        {
          key: 'titles',
          title: 'The title is the finding',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `"Sales by region 2021–2025" is a label. "The north has overtaken the coast" is a title: it says what to look for, and the reader can check it against the picture.

Write it first. If you cannot, you do not know yet what the chart is for and should go on exploring. If you find two, you need two charts.

Put explanations where the eyes already are. Write "Portugal" at the end of its line, not in a legend; mark the month of the strike on the curve. Then delete whatever repeats: a grid line each, decimals nobody needs, and the word "chart".`,
        },
        {
          key: 'colour-scales',
          title: 'Colours that count, colours that name',
          kind: 'VIDEO',
          durationSeconds: 410,
          body: 'Scales for more and less, for above and below, and for kinds. We check each with a simulator for colour-blindness.',
        },
        {
          key: 'uncertainty',
          title: 'Showing what you do not know',
          kind: 'VIDEO',
          durationSeconds: 440,
          prerequisites: ['choose-a-chart'],
          body: 'Error bars, bands, many faint lines. Forty spectators tell us what they think each of them means.',
        },
        {
          key: 'redraw-kit',
          title: 'Practice kit: ten charts to redraw',
          kind: 'DOCUMENT',
          durationSeconds: 900,
          body: "Ten published-looking charts with something wrong, the data behind them, and Hiroshi's own pencil versions to compare.",
        },
      ],
    },
  ],
  review: { stars: 4, comment: 'Made me redo the quarterly report with three charts instead of fourteen. Nobody missed the eleven.' },
}

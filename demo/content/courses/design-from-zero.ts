import type { CourseContent } from '../types.ts'

export const designFromZero: CourseContent = {
  slug: 'design-from-zero',
  title: 'Design from Zero',
  description:
    'You do not need talent, a black turtleneck or expensive software to make things clear. In ten short lessons you learn to see why one poster works and another does not, and you redesign a real notice from your own stairwell. By the end you can explain every choice you made.',
  category: 'design',
  difficulty: 'BEGINNER',
  instructor: 'idris',
  tags: ['fundamentals', 'colour', 'typography', 'hands-on'],
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Learning to look',
      lessons: [
        {
          key: 'why-this-poster',
          title: 'Why this poster and not that one?',
          kind: 'VIDEO',
          durationSeconds: 340,
          freePreview: true,
          body: 'Two posters for the same village fête, side by side. Idris covers up parts of each until you notice what your eye was doing all along.',
        },
        {
          key: 'what-design-is-for',
          title: 'What design is for',
          kind: 'ARTICLE',
          durationSeconds: 135,
          freePreview: true,
          body: `A design is a decision made visible. Somebody wanted a person to do something (find the platform, trust the pharmacy, open the door by pulling) and arranged shapes so that it would happen.

That gives you a test which needs no taste at all: **who should do what, and do they?** A beautiful ticket machine with a queue of confused travellers in front of it has failed. An ugly one that everybody uses without thinking has done most of its job.

Before you look at any piece of work in this course, write that sentence first. It keeps the conversation away from "I like blue" and on whether the thing works.`,
        },
        {
          key: 'squint-test',
          title: 'The squint test',
          kind: 'VIDEO',
          durationSeconds: 255,
          body: 'Half-close your eyes and the details go away: what remains is the order in which people will see things. We try it on a menu, a tax form and a phone screen.',
        },
      ],
    },
    {
      title: 'Four tools',
      lessons: [
        {
          key: 'contrast',
          title: 'Contrast: make differences obvious',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `If two things are different, make them *clearly* different. A heading at 18 points above text at 16 looks like a mistake; at 28 it looks like a heading.

Contrast is not only size. You can use weight, colour, shape, position, and above all empty space. Pick one or two and be brave with them. Beginners tend to use all of them, timidly, and everything on the page ends up shouting at the same volume.

Try it now: take any notice you have written, choose the single most important line, and make it three times as large. Then remove every other emphasis. It will feel rude, and it will be read.`,
        },
        {
          key: 'alignment',
          title: 'Alignment: the invisible line',
          kind: 'VIDEO',
          durationSeconds: 365,
          body: 'A flyer with nine different left edges becomes one with two, and suddenly looks as if it cost money. Nothing else is changed.',
        },
        {
          key: 'proximity',
          title: 'Proximity: what stands together belongs together',
          kind: 'VIDEO',
          durationSeconds: 320,
          body: 'Why captions drift away from their pictures, and how a gap says more than a border.',
        },
        {
          key: 'colour-on-purpose',
          title: 'Colour on purpose',
          kind: 'ARTICLE',
          durationSeconds: 135,
          prerequisites: ['contrast'],
          body: `Begin in black and white. If a layout does not work in grey, colour will only hide the problem for a while.

Then add one colour and give it one meaning: *this is what you can press*, or *this is today*. As soon as the same red marks prices, headings and a decorative line, it means nothing.

Need more colours? Take neighbours on the colour wheel for calm, opposites for tension, and let one of them cover most of the area. And never let colour be the only signal: roughly one man in twelve confuses some reds and greens, and everybody owns a printer that has run out of cyan.`,
        },
      ],
    },
    {
      title: 'Your turn',
      lessons: [
        {
          key: 'brief-sheet',
          title: 'Handout: one-page brief',
          kind: 'DOCUMENT',
          durationSeconds: 180,
          body: 'A single sheet with six questions to answer before you touch any tool: who reads it, where, in what mood, what they should do next, what must be on it, and what may go.',
        },
        {
          key: 'redesign-notice',
          title: 'Redesigning a notice, start to finish',
          kind: 'VIDEO',
          durationSeconds: 570,
          prerequisites: ['contrast', 'alignment', 'proximity'],
          body: 'A real note from a real stairwell ("PLEASE!!! do NOT leave bikes HERE") goes through the four tools in one unedited take, including two dead ends.',
        },
      ],
    },
    {
      title: "In other people's eyes",
      lessons: [
        {
          key: 'asking-for-criticism',
          title: 'How to ask for criticism',
          kind: 'ARTICLE',
          durationSeconds: 135,
          required: false,
          body: `"Do you like it?" gets you politeness. Ask instead: *what did you see first? What do you think I want you to do? What would you look for next?* Those answers are about the work and not about you, and people give them gladly.

Show the thing for five seconds, then take it away and ask what they remember. Do it with three people. If two of them missed the date of the event, you do not need a fourth opinion; you need a larger date.

Write down what they say, thank them, and do not explain yourself. The poster will not be able to, either.`,
        },
      ],
    },
  ],
  review: {
    stars: 5,
    comment:
      'I redesigned the laundry-room rota for the assignment. Six weeks later people still follow it. My greatest achievement this year.',
  },
}

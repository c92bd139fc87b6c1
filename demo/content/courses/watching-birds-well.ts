import type { CourseContent } from '../types.ts'

export const watchingBirdsWell: CourseContent = {
  slug: 'watching-birds-well',
  title: 'Watching Birds Well',
  description:
    'You do not have to know four hundred species. Begin with the ten outside your window, learn how to look, how to listen, and how to keep notes that are of use to science. A course for slow mornings, with sound recordings made for it.',
  category: 'science',
  difficulty: 'BEGINNER',
  instructor: 'noor',
  tags: ['field work', 'ecology', 'listening', 'research'],
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Looking',
      lessons: [
        {
          key: 'one-sparrow',
          title: 'Ten minutes with one sparrow',
          kind: 'VIDEO',
          durationSeconds: 370,
          freePreview: true,
          body: 'A common bird, seen for longer than most people ever look at one. There are a quarrel, a bath and a small theft.',
        },
        {
          key: 'shape-before-colour',
          title: 'Shape before colour',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Colours change with the light, the season and the age of the bird. Shape stays. So ask first: is it as large as a sparrow, a blackbird, a pigeon? Is the tail long or short? Is the bill a tweezer, a nutcracker or a dagger?

Then what it *does*. It runs and stops: a thrush. It creeps up a trunk: a treecreeper; down, head first: a nuthatch. It sits upright, darts out and returns to the same twig: a flycatcher.

Only now the colours, and only those that stand out. After two seconds of such looking, you know the family. The book can do the rest.`,
        },
        {
          key: 'ten-neighbours',
          title: 'Ten neighbours',
          kind: 'VIDEO',
          durationSeconds: 440,
          prerequisites: ['shape-before-colour'],
          body: 'The ten birds you are most likely to have within a hundred metres in a European town, each with one sign that is enough.',
        },
      ],
    },
    {
      title: 'Listening',
      lessons: [
        {
          key: 'dawn-layers',
          title: 'The dawn chorus, layer by layer',
          kind: 'VIDEO',
          durationSeconds: 390,
          prerequisites: ['ten-neighbours'],
          body: 'One morning in April, recorded from half past three. One voice after another is brought forward and then goes back into the choir.',
        },
        {
          key: 'learning-songs',
          title: 'How to learn a song',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `Do not begin with fifty recordings. Take *one* bird that sings near you, stand where you can see it with its bill open, and stay until the sound and the sight have become one thing. Next week the next.

Describe it in your own words: a squeaky wheelbarrow, a telephone from the nineties, somebody who cannot decide. Silly comparisons stick better than musical terms. Pitch, pace, pattern and pause are what you listen for.

Start in February, when few are singing. By May everybody sings at once, and you will be glad to recognise five old friends at the party.`,
        },
        {
          key: 'calls-alarm',
          title: 'Calls: what are they saying?',
          kind: 'VIDEO',
          durationSeconds: 350,
          required: false,
          body: 'Contact, alarm, begging. Why blackbird, robin and tit sound so alike when a hawk is overhead.',
        },
      ],
    },
    {
      title: 'Keeping notes',
      lessons: [
        {
          key: 'field-notes',
          title: 'Notes that are worth something',
          kind: 'ARTICLE',
          durationSeconds: 135,
          prerequisites: ['ten-neighbours'],
          body: `A note without a date and place is a memory; with them it is a record. Write where, when, how long you watched, the weather, which species, how many. Estimates are welcome if you say so.

Note also what you did **not** see. "One hour, no swallows" is worth as much as twelve swallows to somebody who wants to know when they arrive.

Never record more than you are sure of. "Warbler, not identified" is honest; a guess that gets into a database may stay there for decades. Several large citizen-science projects accept complete checklists, and their maps are made from nothing else.`,
        },
        {
          key: 'good-guest',
          title: 'Being a good guest',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `The bird comes before the sighting, always. If it stops feeding, stretches its neck or calls sharply, you are too close: step back and wait. Near a nest you do not stay at all, because crows watch where people look.

Playing recordings to lure a bird makes it defend its territory against a ghost, and it pays with time that it needed for its young. Leave that to researchers with a permit.

Keep the whereabouts of rare nests and roosting owls to yourself, or report them with the place hidden. And say good morning to other people. They may have seen the kingfisher.`,
        },
        {
          key: 'month-pages',
          title: 'Twelve pages for twelve months',
          kind: 'DOCUMENT',
          durationSeconds: 360,
          body: 'What arrives, leaves, sings and moults in each month, with room for your own first dates.',
        },
      ],
    },
  ],
  review: {
    stars: 5,
    comment: 'I began with the sparrows on my fire escape and have sent 61 checklists since. Quietly changed my mornings.',
  },
}

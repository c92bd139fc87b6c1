import type { CourseContent } from '../types.ts'

export const theNightSkyWithBareEyes: CourseContent = {
  slug: 'the-night-sky-with-bare-eyes',
  title: 'The Night Sky with Bare Eyes',
  description:
    'No telescope, no app, just a warm coat. Learn to find your way among the stars as people did for thousands of years, to tell a planet from a star, and to know why the Moon looks the way it does tonight. Most lessons can be followed from a balcony in town.',
  category: 'science',
  difficulty: 'BEGINNER',
  instructor: 'hiroshi',
  tags: ['field work', 'fundamentals', 'hands-on'],
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Going out',
      lessons: [
        {
          key: 'twenty-minutes',
          title: 'Twenty minutes in the dark',
          kind: 'VIDEO',
          durationSeconds: 330,
          freePreview: true,
          body: 'What your eyes do when the light goes off, filmed with a camera that does the same. One glance at a phone sets it back to zero.',
        },
        {
          key: 'fist-and-finger',
          title: 'Measuring the sky with a fist',
          kind: 'ARTICLE',
          durationSeconds: 120,
          freePreview: true,
          body: `Stretch out your arm. Your little finger covers about one degree, three middle fingers five, your fist ten, and the span from thumb to little finger roughly twenty. It works for children too: their hands are smaller, but so are their arms.

The full Moon is half a degree wide. Try it: a fingertip hides it easily, however large it looks above the rooftops.

With that you can follow directions. "Two fists above the horizon in the south-east" will lead you to a star in ten seconds, and no battery will run out.`,
        },
        {
          key: 'north',
          title: 'Finding north',
          kind: 'VIDEO',
          durationSeconds: 360,
          body: 'By the Plough, by Cassiopeia when the Plough hides behind houses, and what to do south of the equator, where the pole has no lamp.',
        },
      ],
    },
    {
      title: 'What moves, and what is far away',
      lessons: [
        {
          key: 'turning',
          title: 'Everything turns',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Look at a bright star above a chimney, and again half an hour later. It has moved westwards by up to seven degrees, and the whole sky with it, as if painted on a bowl. It is we who turn, eastwards, once in 23 hours and 56 minutes.

The missing four minutes matter. They are why each star rises four minutes earlier every evening, two hours earlier every month, and why northerners see Orion in winter: in June he is up by day, close to the Sun.

So the sky is a clock and a calendar at once. People who owned neither could read both.`,
        },
        {
          key: 'moon',
          title: 'The Moon, explained with an orange',
          kind: 'VIDEO',
          durationSeconds: 435,
          prerequisites: ['turning'],
          body: 'A lamp, an orange, your head as the Earth. In three minutes you will understand the phases, and why eclipses do not occur every month.',
        },
        {
          key: 'planets',
          title: 'Planets do not twinkle (much)',
          kind: 'VIDEO',
          durationSeconds: 410,
          body: 'Five wanderers that can be seen without help: colour, brightness, where to look and where never to. A star is a point, a planet a tiny disc, and the air treats them differently.',
        },
        {
          key: 'meteors',
          title: 'How to watch a meteor shower',
          kind: 'ARTICLE',
          durationSeconds: 135,
          required: false,
          prerequisites: ['twenty-minutes'],
          body: `A shooting star is a crumb, often no larger than a grain of rice, that hits the air at many kilometres a second. The Earth crosses the trails of certain comets on the same dates every year: around 12 August and 14 December are the best.

Go out after midnight, when your side of the Earth faces forwards and sweeps them up, like a windscreen. Lie down. Look halfway up, in the darkest direction, and do not stare at the point they come from: those have short tails.

Give it an hour. They arrive in bunches, with long quiet stretches for talking.`,
        },
        {
          key: 'colours',
          title: 'Red ones, blue ones',
          kind: 'VIDEO',
          durationSeconds: 340,
          body: 'Betelgeuse and Rigel are in the same constellation. Once you have seen that they differ in colour, you have measured temperatures across hundreds of light years.',
        },
        {
          key: 'milky-way',
          title: 'Our own galaxy from the inside',
          kind: 'VIDEO',
          durationSeconds: 380,
          body: 'Where to find it, when, how dark it has to be, and what the dark lanes are.',
        },
        {
          key: 'old-light',
          title: 'Old light',
          kind: 'ARTICLE',
          durationSeconds: 135,
          prerequisites: ['colours'],
          body: `The light of the Moon is a little over a second old when you see it, that of the Sun eight minutes, that of Sirius nearly nine years. The faint smudge in Andromeda, just visible on a dark night, sent you its light two and a half million years ago, long before anybody like us looked up.

So you never see the sky as it is. You see a collection of letters that were posted at different times and happened to arrive on the same evening.

Find one star whose distance is your age. Charts list them. It makes a good birthday present.`,
        },
        {
          key: 'star-wheel',
          title: 'A star wheel to cut out',
          kind: 'DOCUMENT',
          durationSeconds: 900,
          body: 'Turn it to the date and hour and it shows what is up. Sheets for 50° and 35° north and for 35° south.',
        },
      ],
    },
  ],
  review: {
    stars: 5,
    comment: 'Found Saturn from our balcony between two chimneys. My son thinks I am a wizard. I have not corrected him.',
  },
}

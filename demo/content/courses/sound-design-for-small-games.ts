import type { CourseContent } from '../types.ts'

export const soundDesignForSmallGames: CourseContent = {
  slug: 'sound-design-for-small-games',
  title: 'Sound Design for Small Games',
  description:
    "Footsteps from cornstarch, dragons from bagpipes, and menus that do not drive anyone mad. A course in the making about recording, layering and mixing sounds that answer to a player. The first two modules are nearly there; the rest is in Tomás's notebook.",
  category: 'music',
  difficulty: 'INTERMEDIATE',
  instructor: 'tomas',
  tags: ['recording', 'interfaces', 'hands-on'],
  price: { amount: 4_200, currency: 'EUR' },
  status: 'DRAFT',
  modules: [
    {
      title: 'Sounds that answer',
      lessons: [
        {
          key: 'why-games-differ',
          title: 'A film plays once, a door opens a thousand times',
          kind: 'VIDEO',
          durationSeconds: 360,
          freePreview: true,
          body: 'Why a sound that is wonderful in the cinema becomes torture in a game, and what variation does about it.',
        },
        {
          key: 'sound-list',
          title: 'Writing the sound list',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `Play the game with the sound off and a notebook on your knees. Write down everything that happens, not everything you see: *player lands, coin is nearly reached, menu refuses*. Those are your sounds.

Mark each with how often it occurs in ten minutes. Whatever occurs more than fifty times must be short, soft and varied; whatever occurs once may be magnificent. Then mark what the player must *learn* from it. A sound that carries a warning is never hidden under music.

A small game has about forty. If you have two hundred, you are decorating.`,
        },
        {
          key: 'cornstarch',
          title: 'Snow in the kitchen',
          kind: 'VIDEO',
          durationSeconds: 440,
          body: 'Footsteps on snow from cornstarch in a leather pouch, with three shoes and a patient flatmate.',
        },
      ],
    },
    {
      title: 'Layers',
      lessons: [
        {
          key: 'body-click-tail',
          title: 'Click, body, tail',
          kind: 'VIDEO',
          durationSeconds: 490,
          prerequisites: ['sound-list'],
          body: 'Nearly every effect is three sounds in a coat. We take apart a treasure chest.',
        },
        {
          key: 'loudness-in-play',
          title: 'Mixing for a sofa and a train',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `Nobody plays your game in a studio. They play on a sofa beside a dishwasher, or on a train with one earbud in. Mix on good headphones, then check on the worst speaker you own: everything a player needs to know has to survive there.

Give each group of sounds its own volume (music, effects, voices, interface) and let the player set them. When a voice speaks, duck the music by a few decibels, with a slow return so that nobody notices.

And leave headroom: ten coins may be collected in the same frame.`,
        },
        {
          key: 'naming-files',
          title: 'Sheet: naming files so that programmers like you',
          kind: 'DOCUMENT',
          durationSeconds: 180,
          body: 'A naming scheme, a folder tree, and a table to hand over with every delivery.',
        },
      ],
    },
  ],
  review: {
    stars: 5,
    comment: 'We replaced every sound in our student game in one weekend, half of them with vegetables. It suddenly feels expensive.',
  },
}

import type { CourseContent } from '../types.ts'

export const arrangingForSmallEnsembles: CourseContent = {
  slug: 'arranging-for-small-ensembles',
  title: 'Arranging for Small Ensembles',
  description:
    'You have a song, five players who can all do something different, and ten days. Learn to give each of them a reason to be there: register, counterline, silence, and parts that can be sight-read in a cold hall. You should read scores and know your way round seventh chords.',
  category: 'music',
  difficulty: 'ADVANCED',
  instructor: 'tomas',
  tags: ['writing', 'listening', 'rhythm', 'teamwork'],
  price: { amount: 7_900, currency: 'USD' },
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Material',
      lessons: [
        {
          key: 'same-tune-five-bands',
          title: 'One tune, five bands',
          kind: 'VIDEO',
          durationSeconds: 510,
          freePreview: true,
          body: 'A lullaby for string quartet, brass quintet, two guitars, choir, and whoever turned up. Which notes survive in all of them?',
        },
        {
          key: 'strip-it-down',
          title: 'Strip the song to three lines',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Before you give anything to anybody, reduce the song to melody, bass and one line in between. Play that on a piano with one hand and a half. If it carries the song, every instrument you add will be a gift; if not, no trombone will save it.

The middle line is where the craft lies. Let it move when the melody rests, and rest when the melody moves. Steer it to the thirds and sevenths of the chords, which are what makes harmony audible, and connect them by steps.

Three lines also make a rehearsal possible when two players are ill. They will be.`,
        },
        {
          key: 'ranges',
          title: 'Ranges: possible, good, glorious',
          kind: 'VIDEO',
          durationSeconds: 470,
          body: 'For eleven instruments, the notes that exist, those that sound well on a Tuesday, and the five for which they were built.',
        },
      ],
    },
    {
      title: 'Colour and weight',
      lessons: [
        {
          key: 'doubling',
          title: 'To double or not to double',
          kind: 'VIDEO',
          durationSeconds: 495,
          prerequisites: ['strip-it-down'],
          body: 'Flute on top of the violin, cello under the voice: what a doubling adds, what it takes away, and who must not be doubled.',
        },
        {
          key: 'spacing-chords',
          title: 'Space below, company above',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Look at the overtones of a low string: an octave, a fifth, a fourth, and only then thirds and seconds. Chords that are spaced like that ring by themselves. So leave wide gaps at the bottom, and let notes come close together only above the middle of the bass staff.

Thirds in the deep register growl. That is sometimes what you want, once.

With few players, leave out the fifth first, then the root if the bass has it. Keep the third and the seventh at any price: two notes in the right hands say *dominant* more clearly than six in the wrong ones.`,
        },
        {
          key: 'silence-as-instrument',
          title: 'Silence is the sixth player',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `New arrangers are afraid that somebody will be bored. So everybody plays all the time, and after a minute the ear has heard everything there is.

Make a table: a row per player, a column per eight bars. Mark who carries the tune, who answers, who supports, who is silent. Every player should be silent at least a quarter of the time, and no two columns next to each other should look alike.

The entry of an instrument that nobody has heard for sixteen bars is an event. You can have it for nothing, simply by having waited.`,
        },
      ],
    },
    {
      title: 'Paper and people',
      lessons: [
        {
          key: 'parts-for-humans',
          title: 'Parts for humans',
          kind: 'VIDEO',
          durationSeconds: 420,
          prerequisites: ['ranges'],
          body: 'Page turns on rests, cues after long silences, rehearsal letters where people expect them. Two parts for one piece, and a sight-reading test.',
        },
        {
          key: 'endings',
          title: 'Beginnings, endings, and how to get off',
          kind: 'VIDEO',
          durationSeconds: 380,
          body: 'Most amateur concerts are remembered for their last four bars. Six endings that work without a conductor.',
        },
        {
          key: 'rehearsal-hour',
          title: 'One hour with five players',
          kind: 'ARTICLE',
          durationSeconds: 135,
          prerequisites: ['parts-for-humans', 'silence-as-instrument'],
          body: `You wrote it, so you know how it goes; they do not. Play it through once without stopping, however terrible. Now they know where it goes and you know where it hurts.

Then work on *three* places and no more, starting with the worst. Speak to sections by function: "whoever has the offbeats, shorter". Praise what you want to keep, as people repeat what is noticed.

If a passage fails twice with a good player, change the passage. You carry a pencil and an eraser for that reason. Finish with another run from start to end. They should leave with the whole in their ears.`,
        },
        {
          key: 'score-pack',
          title: 'Score pack: the lullaby in five versions',
          kind: 'DOCUMENT',
          durationSeconds: 1200,
          required: false,
          body: 'Full scores and parts to study, mark and play, with comments in the margin on what was changed after the first rehearsal.',
        },
      ],
    },
  ],
  review: {
    stars: 4,
    comment: 'The chapter on breathing and page turns saved our Christmas concert. Brass players get a little more love than strings.',
  },
}

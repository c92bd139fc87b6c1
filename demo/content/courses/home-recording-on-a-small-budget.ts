import type { CourseContent } from '../types.ts'

export const homeRecordingOnASmallBudget: CourseContent = {
  slug: 'home-recording-on-a-small-budget',
  title: 'Home Recording on a Small Budget',
  description:
    'One decent microphone, a wardrobe and a quiet hour are enough for a recording you will not be ashamed of. Learn what to buy and in which order, where to stand, how to capture a voice and a guitar, and how to finish a mix without ruining it.',
  category: 'music',
  difficulty: 'BEGINNER',
  instructor: 'tomas',
  tags: ['recording', 'hands-on', 'listening'],
  price: { amount: 3_500, currency: 'EUR' },
  accessDays: 180,
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Room and gear',
      lessons: [
        {
          key: 'same-song-five-rooms',
          title: 'The same song in five rooms',
          kind: 'VIDEO',
          durationSeconds: 405,
          freePreview: true,
          body: 'Kitchen, stairwell, bathroom, living room, wardrobe. The microphone never changes and everything else does.',
        },
        {
          key: 'what-to-buy',
          title: 'What to buy, and in which order',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `1. **Closed headphones.** You will trust them every day.
2. **One large-diaphragm condenser**, or a good dynamic microphone if your room is noisy.
3. **A small interface** with two inputs.
4. A stand that does not sink, and a pop filter.

That is all for the first year. Used is fine for everything but the headphone pads. Do not buy loudspeakers for a room that you have not treated: they will tell you lies about the bass, in high resolution.

Whatever is left goes into blankets, hooks and strings for your guitar. New strings improve a recording more than any plug-in.`,
        },
        {
          key: 'quiet',
          title: 'Hunting noise',
          kind: 'VIDEO',
          durationSeconds: 315,
          body: "Fridge, phone charger, chair, boiler, the neighbour's canary. An evening's walk with headphones on.",
        },
        {
          key: 'levels',
          title: 'Levels: leave room at the top',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Digital recordings do not get warmer when they are pushed; they get square. Sing the loudest part, then turn the gain down until the meter peaks around −12 dB. It looks timid. With 24 bits it is plenty, and the noise of your room is far louder than that of the converter.

Set it once per song and leave it. If the singer comes closer in the quiet verse, which good singers do, that is music and not a fault.

Record thirty seconds of nothing before the first take. You will want it later for filling gaps, and it makes everybody breathe.`,
        },
      ],
    },
    {
      title: 'Voices and strings',
      lessons: [
        {
          key: 'voice-position',
          title: 'A voice: distance, height, angle',
          kind: 'VIDEO',
          durationSeconds: 450,
          prerequisites: ['levels'],
          body: "A hand's width, two hands, an arm. Above the lips, beside them. How esses and plosives disappear without any filter.",
        },
        {
          key: 'acoustic-guitar',
          title: 'An acoustic guitar with one microphone',
          kind: 'VIDEO',
          durationSeconds: 480,
          body: 'Not at the sound hole! A slow tour of the instrument with the microphone moving and you listening.',
        },
        {
          key: 'comping',
          title: 'Three takes and a walk',
          kind: 'ARTICLE',
          durationSeconds: 120,
          prerequisites: ['voice-position'],
          body: `Record a song three times from beginning to end, then go outside. Do not repeat a line twenty times: by the sixth it will be perfect and dead.

Afterwards choose the best take as your ground and borrow only the lines that really failed. Cut at breaths and before consonants, with a crossfade of a few milliseconds. If you cannot find a good place for a cut, the two takes were different performances, and you should believe that.

Keep one flaw on purpose. Listeners need to hear that somebody was there.`,
        },
      ],
    },
    {
      title: 'Mixing',
      lessons: [
        {
          key: 'faders-first',
          title: 'Faders first',
          kind: 'VIDEO',
          durationSeconds: 550,
          body: 'A whole mix with nothing but volume and left-right. It is finished to nine tenths before the first effect.',
        },
        {
          key: 'eq-compress',
          title: 'A little EQ, a little compression',
          kind: 'VIDEO',
          durationSeconds: 640,
          prerequisites: ['faders-first'],
          body: 'Cut before you boost, listen at equal loudness, and always ask what problem this is solving.',
        },
        {
          key: 'mix-checklist',
          title: 'Checklist: is it done?',
          kind: 'DOCUMENT',
          durationSeconds: 240,
          body: 'Car, phone, kitchen radio, very quiet, next morning: where to listen, what for, and when to stop.',
        },
      ],
    },
  ],
  review: { stars: 5, comment: 'Recorded my grandmother singing in her bedroom, among the coats. It sounds like her. Thank you for that.' },
}

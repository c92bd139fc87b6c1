import type { CourseContent } from '../types.ts'

export const rhythmForEveryone: CourseContent = {
  slug: 'rhythm-for-everyone',
  title: 'Rhythm for Everyone',
  description:
    'If you can walk, you have a beat. Using hands, feet and two wooden spoons, you learn to keep time, to read simple rhythms and to play against another person without falling off. No instrument and no notes are needed to begin.',
  category: 'music',
  difficulty: 'BEGINNER',
  instructor: 'tomas',
  tags: ['rhythm', 'hands-on', 'listening'],
  status: 'PUBLISHED',
  modules: [
    {
      title: 'The pulse',
      lessons: [
        {
          key: 'walk',
          title: 'Walk with me',
          kind: 'VIDEO',
          durationSeconds: 280,
          freePreview: true,
          body: "A walk through Valencia in which the microphone is on Tomás's shoes. You clap on every step, then on every other.",
        },
        {
          key: 'where-is-one',
          title: 'Where is one?',
          kind: 'ARTICLE',
          durationSeconds: 120,
          freePreview: true,
          body: `Listen to a song you love and tap your foot. After a while some taps feel heavier than others: that is where the bar begins, and musicians call it *one*.

Most songs come round every four taps, waltzes every three. Count aloud, "one two three four", and if your *one* falls together with the bass drum or a change of chord, you have found it.

Lost it? Everybody does. Do not stop tapping; the pulse is never lost, only the numbers. Wait for the singer to begin a line, and start again from there.`,
        },
      ],
    },
    {
      title: 'Dividing',
      lessons: [
        {
          key: 'halves-and-quarters',
          title: 'Halves, quarters and where the feet stay',
          kind: 'VIDEO',
          durationSeconds: 360,
          body: 'The hands go faster while the feet do not. Spoken syllables keep you honest.',
        },
        {
          key: 'reading-rhythm',
          title: 'Reading rhythms like words',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `You do not spell when you read; you see whole words. Rhythm works in the same way. There are only a handful of patterns that fit into one beat, and after a week you will recognise each at a glance.

One note: *walk*. Two equal ones: *run-ning*. Four: *hur-ry hur-ry*. A long and two short: *gal-lop-ing*, with the first held twice as long. Silence: open your hands and let the beat pass through.

Write a line of eight such words, clap it, and hand it to somebody. If they clap what you meant, you have just used notation.`,
        },
        {
          key: 'off-beat',
          title: 'Between the steps',
          kind: 'VIDEO',
          durationSeconds: 390,
          prerequisites: ['halves-and-quarters'],
          body: 'The off-beat by way of ska, chamamé and the door of an old fridge.',
        },
      ],
    },
    {
      title: 'Together',
      lessons: [
        {
          key: 'three-against-two',
          title: 'Three against two',
          kind: 'VIDEO',
          durationSeconds: 435,
          prerequisites: ['off-beat', 'reading-rhythm'],
          body: '"Nice cup of tea": four syllables that carry the most beautiful cross-rhythm there is. Slowly, then not so slowly.',
        },
        {
          key: 'slow-is-fast',
          title: 'Slow is fast',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `If a passage fails at full speed, your hands do not need courage; they need information. Play it at half speed, so slowly that a mistake would be a surprise. Three times right, then five clicks faster.

The brain stores what you do most often. Ten hurried attempts with a stumble in the middle teach it the stumble, in excellent detail.

And take breaks. Whatever you practise on Tuesday evening is better on Wednesday morning, because sleep goes on practising for you. Ten minutes on six days beat an hour on Sunday.`,
        },
        {
          key: 'spoon-pieces',
          title: 'Six pieces for spoons',
          kind: 'DOCUMENT',
          durationSeconds: 720,
          required: false,
          prerequisites: ['reading-rhythm'],
          body: 'Duets that grow from very easy to rather wild, composed for this course. Kitchen chairs count as instruments.',
        },
      ],
    },
  ],
  review: {
    stars: 5,
    comment: 'My daughter and I did every lesson at the kitchen table. The spoons will never be the same, and we can play 3 against 2.',
  },
}

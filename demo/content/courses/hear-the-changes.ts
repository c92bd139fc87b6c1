import type { CourseContent } from '../types.ts'

export const hearTheChanges: CourseContent = {
  slug: 'hear-the-changes',
  title: 'Hear the Changes: Practical Ear Training',
  description:
    'Play along with songs you have never heard. This course trains you to recognise intervals, bass lines and the dozen chord progressions that most popular music is made of, by singing first and naming later. Have any instrument at hand, even a toy one.',
  category: 'music',
  difficulty: 'INTERMEDIATE',
  instructor: 'tomas',
  tags: ['listening', 'rhythm', 'fundamentals'],
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Sing first',
      lessons: [
        {
          key: 'hum-the-bass',
          title: 'Hum the bass',
          kind: 'VIDEO',
          durationSeconds: 360,
          freePreview: true,
          body: 'Four songs, and you hum only the lowest note. It will be wrong, then less wrong, and then you will hear that it moves.',
        },
        {
          key: 'home',
          title: 'Home, away, nearly home',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Before naming any note, feel where the music wants to rest. Stop a song at an odd moment and sing the note you would like to hear last. That is *home*, the tonic, and you found it without theory.

Every other note has a character in relation to it. The fifth stands firm. The seventh leans so hard towards home that it aches. The fourth is a friendly place to go for lunch.

Schools teach intervals as distances: a third, a sixth. Learn the characters first. In a real song you never hear a bare distance; you hear a note *in a key*, wanting something.`,
        },
        {
          key: 'sing-degrees',
          title: 'Singing the seven characters',
          kind: 'VIDEO',
          durationSeconds: 440,
          prerequisites: ['home'],
          body: 'Each degree of the scale over a drone, with a picture for how it feels. Sing loudly enough to be wrong.',
        },
      ],
    },
    {
      title: 'Chords',
      lessons: [
        {
          key: 'one-four-five',
          title: 'One, four, five',
          kind: 'VIDEO',
          durationSeconds: 480,
          body: 'Three chords, countless songs. You show with your fingers which one it is, half a second after it sounds.',
        },
        {
          key: 'minor-six',
          title: 'The sad cousin: six minor',
          kind: 'ARTICLE',
          durationSeconds: 135,
          prerequisites: ['one-four-five'],
          body: `The chord on the sixth degree shares two of its three notes with the home chord. So the melody can stay where it is while the light goes out; songwriters do this just when the words turn from *we* to *I*.

Listen for the bass: from home it falls a third, *do* to *la*. If you hear that drop and the mood darkens without a shock, it is the sixth.

With one, four, five and six you have the four-chord loop of the past sixty years. Play it starting on each of the four in turn. You will recognise a dozen songs every time.`,
        },
        {
          key: 'two-five-one',
          title: 'Two, five, one',
          kind: 'VIDEO',
          durationSeconds: 460,
          body: 'The sentence with which jazz ends nearly every thought. Hear it as a single gesture rather than as three chords.',
        },
        {
          key: 'inversions',
          title: 'When the bass tells another story',
          kind: 'VIDEO',
          durationSeconds: 410,
          body: 'The same chord with its feet in a different place. Descending bass lines from lament to soul ballad.',
        },
      ],
    },
    {
      title: 'In the wild',
      lessons: [
        {
          key: 'transcribe',
          title: 'How to work out a song',
          kind: 'ARTICLE',
          durationSeconds: 135,
          prerequisites: ['minor-six', 'inversions'],
          body: `Do it in this order and you will rarely be stuck.

1. Listen twice without an instrument. Sketch the form: verse, chorus, how many bars.
2. Find home by singing it.
3. Write the bass notes, only those on *one*.
4. Over each, try the chord that belongs to the key. Most will fit.
5. Where one does not fit, sing the note that bothers you. It is the third or the seventh.
6. Only now pick up the instrument and check.

Slowing down the recording is allowed. Looking it up is allowed after step five, and you will be pleased how often the internet is wrong.`,
        },
        {
          key: 'bus-exercises',
          title: 'Twenty exercises for the bus',
          kind: 'DOCUMENT',
          durationSeconds: 360,
          body: 'Silent, in headphones, from ten seconds to five minutes each. Sorted by how much sleep you have had.',
        },
      ],
    },
  ],
  review: {
    stars: 5,
    comment: 'For the first time I worked out a song on the bus, without a guitar. Felt like reading without moving my lips.',
  },
}

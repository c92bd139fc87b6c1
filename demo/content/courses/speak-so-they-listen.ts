import type { CourseContent } from '../types.ts'

export const speakSoTheyListen: CourseContent = {
  slug: 'speak-so-they-listen',
  title: 'Speak So They Listen',
  description:
    'For everybody whose heart beats faster when it is their turn. Learn to find the one sentence of your talk, to begin without clearing your throat for a minute, to design slides that do not compete with you, and to survive questions. You practise in front of a chair, then a friend, then people.',
  category: 'business',
  difficulty: 'BEGINNER',
  instructor: 'amelie',
  tags: ['communication', 'conversation', 'hands-on'],
  status: 'PUBLISHED',
  modules: [
    {
      title: 'What to say',
      lessons: [
        {
          key: 'one-sentence',
          title: 'The one sentence',
          kind: 'VIDEO',
          durationSeconds: 320,
          freePreview: true,
          body: 'Four people describe a talk they heard last week. None of them remembers more than one sentence. So choose yours before they do.',
        },
        {
          key: 'story-shape',
          title: 'A shape that holds',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `You need no theory of drama for seven minutes. You need three steps: **where we are, what is the matter, what to do.**

Start in a place with a person. Not "logistics faces challenges", but "on Tuesday a driver called Petra waited four hours at gate six". Then say what is wrong and why it has not been fixed, as fairly as you can; listeners trust somebody who knows the other side. Then the way out, and what you want from *them*.

Leave out everything that does not move this along, including your favourite. It can go into the answers to questions, where it will look spontaneous.`,
        },
        {
          key: 'first-words',
          title: 'The first twenty words',
          kind: 'VIDEO',
          durationSeconds: 300,
          body: 'Learn them by heart, and only them. Seven openings, from a number to a silence.',
        },
      ],
    },
    {
      title: 'How to say it',
      lessons: [
        {
          key: 'nerves',
          title: 'Nerves are fuel with a bad reputation',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `The pounding heart before a talk is the same that you have before a race: the body is bringing energy. It fades after about ninety seconds of speaking, so plan those well and the rest will follow.

Telling yourself to calm down seldom works, as it asks your body to stop. Saying "I am excited" asks it for nothing but a change of label, and in experiments people who did so were judged to be more persuasive.

And breathe *out*. Fear makes us fill up at the top. A long breath out, twice, while somebody introduces you, and your shoulders come down by themselves.`,
        },
        {
          key: 'pauses',
          title: 'Pauses, pace and the end of the sentence',
          kind: 'VIDEO',
          durationSeconds: 370,
          prerequisites: ['first-words'],
          body: 'Record a minute and listen for where your voice trails away. Three marks in the script repair most of it.',
        },
        {
          key: 'slides',
          title: 'Slides: design for the back row',
          kind: 'ARTICLE',
          durationSeconds: 120,
          body: `People cannot read and listen at once. Put a paragraph on the wall, and they will read, and you will be background music. So a slide shows what words cannot: a picture, one number, a simple chart, the name that is hard to spell.

Stand at the far end of the room, or shrink the slide to the size of a stamp. If you cannot read it, cut. Thirty points is small.

When you want them to look at you, press *B*: most programs turn the screen black. It is the most powerful effect they have.`,
        },
      ],
    },
    {
      title: 'With people',
      lessons: [
        {
          key: 'questions',
          title: 'Questions, friendly and otherwise',
          kind: 'VIDEO',
          durationSeconds: 410,
          body: 'Repeat, breathe, answer in two sentences, look at somebody else. What to do with a speech that pretends to be a question.',
        },
        {
          key: 'rehearse',
          title: 'Rehearsing: chair, friend, room',
          kind: 'ARTICLE',
          durationSeconds: 135,
          prerequisites: ['story-shape', 'nerves'],
          body: `Say it to a chair, standing up and aloud. Muttering does not count; your mouth has to learn it. Time it, and take off a fifth, because on the day you will pause more.

Then a friend, with two jobs: to raise a hand wherever attention drifts, and to tell you afterwards *in one sentence* what it was about. If that is not your sentence, change the talk and not the friend.

If you can, stand in the real room for five minutes before anyone comes. Walk to the last row. Find the light switch. It is your living room now; they will be your guests.`,
        },
        {
          key: 'speech-cards',
          title: 'Cards for toasts, farewells and updates',
          kind: 'DOCUMENT',
          durationSeconds: 180,
          required: false,
          body: 'Three occasions, one card for each: a skeleton, two examples, and what never to mention at a wedding.',
        },
      ],
    },
  ],
  review: {
    stars: 5,
    comment: 'Gave my first toast at a wedding without notes. The chair in my bedroom has heard it forty times and deserves credit.',
  },
}

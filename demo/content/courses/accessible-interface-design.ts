import type { CourseContent } from '../types.ts'

export const accessibleInterfaceDesign: CourseContent = {
  slug: 'accessible-interface-design',
  title: 'Accessible Interface Design',
  description:
    'About one person in six lives with a disability, and everybody has tried to use a phone in the sun with one hand. Learn to design interfaces that hold up with a keyboard, a screen reader, large type and a tired mind. Practical from the first lesson, with things to try on a site you know.',
  category: 'design',
  difficulty: 'INTERMEDIATE',
  instructor: 'idris',
  tags: ['accessibility', 'interfaces', 'colour', 'testing'],
  status: 'PUBLISHED',
  modules: [
    {
      title: 'Meeting the people',
      lessons: [
        {
          key: 'unplug-the-mouse',
          title: 'Unplug the mouse',
          kind: 'VIDEO',
          durationSeconds: 390,
          freePreview: true,
          body: 'A first exercise that needs five minutes and no tools. Watch one shop survive it and another fall at the cookie banner.',
        },
        {
          key: 'permanent-temporary-situational',
          title: 'Permanent, temporary, situational',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `Someone with one arm, someone with a wrist in plaster, someone holding a baby: three lives, one requirement. The button must be reachable and large enough, and nothing may depend on two fingers.

Thinking this way has a purpose beyond kindness. It turns a rare user, whom a busy team can postpone, into a common situation, which it cannot. Captions were made for deaf viewers, and half of every train reads them.

Still, do not lose the first person in the list. Somebody on a train can wait until they are home; somebody who is deaf cannot. When priorities collide, they come first.`,
        },
        {
          key: 'listening-to-a-page',
          title: 'Listening to a page',
          kind: 'VIDEO',
          durationSeconds: 555,
          body: 'Malik, who has been blind since birth, books a train ticket with his screen reader at his ordinary speed, and then at one that we can follow.',
        },
      ],
    },
    {
      title: 'Seeing and reading',
      lessons: [
        {
          key: 'contrast-numbers',
          title: 'Contrast ratios and what they leave out',
          kind: 'ARTICLE',
          durationSeconds: 135,
          body: `WCAG asks for a contrast of at least 4.5 to 1 between ordinary text and its background, 3 to 1 for large text and for the parts of a control you must see in order to use it. Any colour picker will compute it.

The number is a floor. Thin letters look fainter than it promises; light text on dark glows for people with astigmatism; a placeholder in pale grey fails even if the real label passes.

Check in three places: the default state, the focused state, and the disabled one, which is exempt from the rule and is exactly where your users wonder what is going on.`,
        },
        {
          key: 'not-by-colour',
          title: 'Never by colour alone',
          kind: 'VIDEO',
          durationSeconds: 290,
          body: 'A chart, a form and a timetable in greyscale. Which still work? Small repairs with icons, patterns and words.',
        },
        {
          key: 'text-at-200',
          title: 'Your layout at 200 per cent',
          kind: 'VIDEO',
          durationSeconds: 335,
          body: 'Zoom in until it breaks, then fix what broke: fixed heights, clipped buttons, a header that eats the screen.',
        },
      ],
    },
    {
      title: 'Doing things',
      lessons: [
        {
          key: 'focus-order',
          title: 'Focus: where am I?',
          kind: 'ARTICLE',
          durationSeconds: 120,
          prerequisites: ['unplug-the-mouse'],
          body: `Press Tab and something should light up, visibly. Designers remove the outline because it looks untidy on a mouse click; browsers now draw it only when it is useful, so there is no excuse left.

Order follows the document, so let the document follow meaning: title, content, actions. If you move things around visually, a keyboard user jumps about the page like a chess knight.

Dialogs have three duties: take the focus when they open, keep it while they are there, and hand it back to the button that opened them. Test with nothing but Tab, Enter and Escape.`,
        },
        {
          key: 'error-messages',
          title: 'Forms that forgive',
          kind: 'VIDEO',
          durationSeconds: 405,
          body: 'The same sign-up form with errors in red at the top, and with errors that say what, where and how. We time both.',
        },
        {
          key: 'motion-and-attention',
          title: 'Motion, time and tired minds',
          kind: 'ARTICLE',
          durationSeconds: 120,
          required: false,
          body: `Animation that fills the screen can make people with vestibular disorders feel seasick for hours. Operating systems have a setting, *reduce motion*, and every browser passes it on: replace slides and zooms with a plain fade.

Time limits deserve the same care. If a session has to end, say so before, offer more time with one press, and keep what has been typed.

And be sparing with demands on memory. Asking people to copy a code from one screen to another is an exam. Let them paste, let them see the password, let them go back without losing anything.`,
        },
        {
          key: 'audit-sheet',
          title: 'Handout: an audit in thirty minutes',
          kind: 'DOCUMENT',
          durationSeconds: 240,
          prerequisites: ['focus-order'],
          body: 'Twelve checks in the order in which they find the most, each with the key to press, what should happen, and how to write down what happened instead.',
        },
      ],
    },
  ],
  review: {
    stars: 5,
    comment:
      'I unplugged my mouse as told and could not log in to our own product. Showed it to the team the same day. Changed how we work.',
  },
}

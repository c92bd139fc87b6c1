import type { CourseContent } from '../types.ts'
import { aYearOfFermentation } from './a-year-of-fermentation.ts'
import { accessibleInterfaceDesign } from './accessible-interface-design.ts'
import { arrangingForSmallEnsembles } from './arranging-for-small-ensembles.ts'
import { breadFromFourIngredients } from './bread-from-four-ingredients.ts'
import { chartsThatTellTheTruth } from './charts-that-tell-the-truth.ts'
import { designFromZero } from './design-from-zero.ts'
import { designSystemsThatSurvive } from './design-systems-that-survive.ts'
import { eventsQueuesAndFailure } from './events-queues-and-failure.ts'
import { experimentDesign } from './experiment-design.ts'
import { firstStepsInTypescript } from './first-steps-in-typescript.ts'
import { freelancingTheFirstYear } from './freelancing-the-first-year.ts'
import { frenchAtTheMarket } from './french-at-the-market.ts'
import { hearTheChanges } from './hear-the-changes.ts'
import { homeRecordingOnASmallBudget } from './home-recording-on-a-small-budget.ts'
import { knifeBoardOnion } from './knife-board-onion.ts'
import { leadingASmallTeam } from './leading-a-small-team.ts'
import { menuDesignFeedingTwelve } from './menu-design-feeding-twelve.ts'
import { plainEnglishForBusyReaders } from './plain-english-for-busy-readers.ts'
import { relationalDatabaseDesign } from './relational-database-design.ts'
import { rhythmForEveryone } from './rhythm-for-everyone.ts'
import { soilTheLivingGround } from './soil-the-living-ground.ts'
import { soundDesignForSmallGames } from './sound-design-for-small-games.ts'
import { spanishVerbsCalmly } from './spanish-verbs-calmly.ts'
import { speakSoTheyListen } from './speak-so-they-listen.ts'
import { spreadsheetsBeyondSums } from './spreadsheets-beyond-sums.ts'
import { statisticsForTheCurious } from './statistics-for-the-curious.ts'
import { testingWithoutTears } from './testing-without-tears.ts'
import { theNightSkyWithBareEyes } from './the-night-sky-with-bare-eyes.ts'
import { theTranslatorsEar } from './the-translators-ear.ts'
import { typographyThatWorks } from './typography-that-works.ts'
import { watchingBirdsWell } from './watching-birds-well.ts'
import { workingFromHomeFirstFortnight } from './working-from-home-first-fortnight.ts'

/** Every course of the school, oldest first; subjects take turns, so that a list by date is a mixed one. */
export const courses: readonly CourseContent[] = [
  designFromZero,
  firstStepsInTypescript,
  statisticsForTheCurious,
  frenchAtTheMarket,
  rhythmForEveryone,
  knifeBoardOnion,
  freelancingTheFirstYear,
  theNightSkyWithBareEyes,
  typographyThatWorks,
  relationalDatabaseDesign,
  chartsThatTellTheTruth,
  plainEnglishForBusyReaders,
  homeRecordingOnASmallBudget,
  breadFromFourIngredients,
  leadingASmallTeam,
  soilTheLivingGround,
  accessibleInterfaceDesign,
  testingWithoutTears,
  spreadsheetsBeyondSums,
  spanishVerbsCalmly,
  hearTheChanges,
  aYearOfFermentation,
  speakSoTheyListen,
  watchingBirdsWell,
  designSystemsThatSurvive,
  eventsQueuesAndFailure,
  experimentDesign,
  theTranslatorsEar,
  arrangingForSmallEnsembles,
  menuDesignFeedingTwelve,
  workingFromHomeFirstFortnight,
  soundDesignForSmallGames,
]

import { codegen } from '@graphql-codegen/core'
import * as typescriptPlugin from '@graphql-codegen/typescript'
import * as resolversPlugin from '@graphql-codegen/typescript-resolvers'
import { parse } from 'graphql'
import type { Domain } from './schema/index.ts'

/**
 * What resolvers get for an object of the schema, by domain: types that subgraphs/<domain>/src/models.ts exports. An object
 * that is not named here is passed as the schema describes it.
 */
const models: Record<Domain, Record<string, string>> = {
  auth: { User: 'AccountRef', Session: 'SessionRow' },
  users: {
    User: 'UserRef',
    Profile: 'ProfileRow',
    Preferences: 'PreferencesRow',
    Onboarding: 'OnboardingRow',
    Dashboard: 'DashboardRef',
  },
  courses: {
    Course: 'CourseRow',
    CatalogueConnection: 'CataloguePage',
    Module: 'ModuleRef',
    Lesson: 'LessonRef',
    CourseVersion: 'VersionRow',
    OutlineLesson: 'FrozenLesson',
    Category: 'CategoryRow',
    Tag: 'TagRow',
    Review: 'ReviewRow',
    User: 'UserRef',
  },
  enrollments: {
    Enrollment: 'EnrollmentRow',
    EnrollmentTransition: 'TransitionRow',
    EnrollmentUpdate: 'EnrollmentEntry',
    CourseActivity: 'ActivityEntry',
    User: 'UserRef',
    Payment: 'PaymentRef',
    Course: 'CourseRef',
    CourseVersion: 'VersionRef',
    Dashboard: 'DashboardRef',
  },
  progress: {
    Enrollment: 'EnrollmentRef',
    CourseProgress: 'CourseProgressRef',
    LessonProgress: 'LessonView',
    ProgressUpdate: 'ProgressEntry',
    Module: 'ModuleRef',
    Lesson: 'LessonRef',
    Dashboard: 'DashboardRef',
  },
  payments: {
    Payment: 'PaymentState',
    PaymentUpdate: 'PaymentEntry',
    PaymentEvent: 'PaymentEventView',
    Refund: 'RefundView',
    Receipt: 'ReceiptRow',
    Enrollment: 'EnrollmentRef',
    User: 'UserRef',
    Course: 'CourseRef',
  },
}

/** The resolver types of a subgraph, as the text of its src/generated/graphql.ts. */
export async function resolverTypes(domain: Domain, sdl: string): Promise<string> {
  return codegen({
    filename: 'graphql.ts',
    schema: parse(sdl),
    documents: [],
    pluginMap: { typescript: typescriptPlugin, resolvers: resolversPlugin },
    plugins: [{ typescript: {} }, { resolvers: {} }],
    config: {
      federation: true,
      contextType: '../context.ts#Context',
      mappers: Object.fromEntries(Object.entries(models[domain]).map(([type, model]) => [type, `../models.ts#${model}`])),
      immutableTypes: true,
      enumsAsTypes: true,
      useTypeImports: true,
      strictScalars: true,
      scalars: {
        DateTime: { input: 'string', output: 'Date | string' },
        SafeInt: 'number',
        Currency: 'string',
        _FieldSet: 'string',
      },
    },
  })
}

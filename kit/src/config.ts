import { existsSync } from 'node:fs'
import { z } from 'zod'

export type Environment = Readonly<Record<string, string | undefined>>

/** What a setting's `.meta({ ... })` says besides its type. Call `.meta` last: zod keeps it on that very instance. */
export interface SettingMeta {
  /** What it is for, shown in .env.example and when it is missing. */
  description?: string
  /** The variable's name where it is not SECTION_KEY. */
  env?: string
  /** Never shown. */
  secret?: boolean
  /** A value to copy, shown when it is missing. */
  example?: string
}

/** Settings by section: `{ auth: z.object({ accessTokenSeconds }) }` is read from AUTH_ACCESS_TOKEN_SECONDS. */
export type Sections = Record<string, z.ZodObject>

export type Config<S extends Sections> = { [K in keyof S]: z.output<S[K]> }

export interface SettingDescription extends SettingMeta {
  name: string
  section: string
  /** The default as it would be written; undefined when there is none. */
  default: string | undefined
  required: boolean
}

/** The start cannot go on: one message that names every setting that is missing or wrong, and how to set it. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? 'One setting is' : `${problems.length} settings are`
    super(
      `${count} missing or wrong. Set them in the environment or in .env (see .env.example):\n${problems.map((p) => `  ${p}`).join('\n')}`,
    )
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** The process's environment, with .env of the working directory beneath it. */
export function environment(): Environment {
  if (existsSync('.env')) process.loadEnvFile('.env')
  // Apollo's gateway tells its maker about the machine unless this is set, and looks for it nowhere else.
  process.env['APOLLO_TELEMETRY_DISABLED'] ??= 'true'
  return process.env
}

/** Reads all sections at once. Throws one ConfigError with everything that is missing or wrong. */
export function readConfig<S extends Sections>(sections: S, env: Environment): Config<S> {
  const problems: string[] = []
  const config: Record<string, unknown> = {}
  for (const [section, shape] of Object.entries(sections)) {
    const raw: Record<string, string> = {}
    for (const key of Object.keys(shape.shape)) {
      const value = env[settingName(section, key, shape)]
      if (value !== undefined && value !== '') raw[key] = value
    }
    const parsed = shape.safeParse(raw)
    if (parsed.success) config[section] = parsed.data
    else problems.push(...parsed.error.issues.map((issue) => describeIssue(section, shape, raw, issue)))
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return config as Config<S>
}

/** Every setting of the sections, in their order: the source of .env.example. */
export function describeSettings(sections: Sections): SettingDescription[] {
  return Object.entries(sections).flatMap(([section, shape]) =>
    Object.entries(shape.shape).map(([key, type]) => {
      const absent = type.safeParse(undefined)
      const value: unknown = absent.success ? absent.data : undefined
      return {
        ...metaOf(type),
        name: settingName(section, key, shape),
        section,
        required: !absent.success,
        default: value === undefined ? undefined : Array.isArray(value) ? value.join(',') : String(value),
      }
    }),
  )
}

function describeIssue(section: string, shape: z.ZodObject, raw: Record<string, string>, issue: z.core.$ZodIssue): string {
  const key = String(issue.path[0])
  const type = shape.shape[key]
  const meta = type ? metaOf(type) : {}
  const what = raw[key] === undefined ? 'is not set' : `is wrong (${issue.message})`
  const example = meta.example ? `, for example ${meta.example}` : ''
  return `${settingName(section, key, shape)} ${what}: ${meta.description ?? 'no description'}${example}`
}

function settingName(section: string, key: string, shape: z.ZodObject): string {
  const type = shape.shape[key]
  const name = type && metaOf(type).env
  if (name) return name
  return (section === '' ? key : `${section}_${key}`).replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()
}

function metaOf(type: z.core.$ZodType): SettingMeta {
  return z.globalRegistry.get(type) ?? {}
}

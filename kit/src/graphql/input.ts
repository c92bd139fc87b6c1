import { z } from 'zod'
import { DomainError, type InputProblem } from './errors.ts'

// Postgres text cannot hold NUL, and no name or title needs the other control characters or a lone surrogate.
// oxlint-disable-next-line no-control-regex -- they are what is refused
const controls = /[\u0000-\u001f\u007f-\u009f]/u
// oxlint-disable-next-line no-control-regex -- they are what is refused
const controlsButLines = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/u

/** One line of text, trimmed: `min` to `max` characters, no control characters. */
export function line(min: number, max: number) {
  return z
    .string()
    .trim()
    .min(min)
    .max(max)
    .refine((text) => text.isWellFormed() && !controls.test(text), 'must not contain control characters')
}

/** Text of several lines, trimmed: at most `max` characters, no control characters but line ends and tabs. */
export function prose(max: number) {
  return z
    .string()
    .trim()
    .max(max)
    .refine((text) => text.isWellFormed() && !controlsButLines.test(text), 'must not contain control characters')
}

/** Parses what a client sent. Throws BAD_USER_INPUT with one entry in `details` for each thing that is wrong. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown, path: string): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new DomainError(
    'BAD_USER_INPUT',
    parsed.error.issues.map((issue) => problem(issue, path)),
  )
}

/** A mutation's resolver: checks `input` by its schema, then tells the use case. */
export function mutation<Schema extends z.ZodType, Context, Result>(
  schema: Schema,
  useCase: (context: Context, input: z.output<Schema>) => Promise<Result>,
) {
  return async (_parent: unknown, args: { readonly input?: unknown }, context: Context): Promise<Result> =>
    useCase(context, parseInput(schema, args.input ?? {}, 'input'))
}

function problem(issue: z.core.$ZodIssue, root: string): InputProblem {
  return { path: [root, ...issue.path.map(String)].join('.'), rule: issue.code, message: issue.message }
}

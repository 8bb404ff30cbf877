// Why the page's server would not do what it was asked, as data: the page says it in the trainer's language, beside the field.
import { z } from 'zod'

/** INVALID: see the problems · TOKEN: this page was opened with another key · FAILED: the province itself could not. */
export const refusalCodes = ['INVALID', 'NOT_JSON', 'TOO_LARGE', 'TOKEN', 'UNKNOWN_PATH', 'UNKNOWN_ITEM', 'FAILED'] as const
export type RefusalCode = (typeof refusalCodes)[number]

/** What a field is not. `limit` of a Problem belongs to all but required, text, number, whole, yesNo, url and unknown. */
export const rules = [
  'required',
  'text',
  'number',
  'whole',
  'yesNo',
  'url',
  'least',
  'above',
  'most',
  'longest',
  'fewest',
  'manyest',
  'choice',
  'form',
  'unknown',
] as const
export type Rule = (typeof rules)[number]

export interface Problem {
  /** Names from the outside in: `parts.1.title`. */
  readonly field: string
  /** What was written there, cut short. */
  readonly value: string
  readonly rule: Rule
  readonly limit: string | number | null
}

const shownAtMost = 80
const statusOf: Readonly<Record<RefusalCode, number>> = {
  INVALID: 400,
  NOT_JSON: 400,
  TOO_LARGE: 413,
  TOKEN: 401,
  UNKNOWN_PATH: 404,
  UNKNOWN_ITEM: 404,
  FAILED: 500,
}

export class PageRefusal extends Error {
  readonly code: RefusalCode
  readonly problems: readonly Problem[]

  constructor(code: RefusalCode, message: string = code, problems: readonly Problem[] = []) {
    super(message)
    this.name = 'PageRefusal'
    this.code = code
    this.problems = problems
  }

  get status(): number {
    return statusOf[this.code]
  }

  /** What is sent to the page. */
  get body(): object {
    return { error: this.code, message: this.message, problems: this.problems }
  }
}

/** Any failure as a refusal. */
export function refusalOf(cause: unknown): PageRefusal {
  if (cause instanceof PageRefusal) return cause
  return new PageRefusal('FAILED', cause instanceof Error ? cause.message : String(cause))
}

/** What was filled in, as this schema has it; refuses with every field that is not right. */
export function filledIn<S extends z.ZodType>(schema: S, filled: unknown): z.output<S> {
  const read = schema.safeParse(filled)
  if (read.success) return read.data
  const problems = read.error.issues.flatMap((issue) => problemsOf(issue, filled))
  throw new PageRefusal('INVALID', z.prettifyError(read.error), problems)
}

function problemsOf(issue: z.core.$ZodIssue, filled: unknown): readonly Problem[] {
  const value = valueAt(filled, issue.path)
  const told = (rule: Rule, limit: Problem['limit'] = null): readonly Problem[] => [
    { field: issue.path.join('.'), value: shown(value), rule, limit },
  ]
  if (value === undefined || value === null || value === '') return told('required')
  switch (issue.code) {
    case 'invalid_type':
      return told(typeRules[issue.expected] ?? 'form', issue.expected)
    case 'too_small':
      return told(issue.origin !== 'number' ? 'fewest' : issue.inclusive === false ? 'above' : 'least', Number(issue.minimum))
    case 'too_big':
      return told(issue.origin === 'number' ? 'most' : issue.origin === 'string' ? 'longest' : 'manyest', Number(issue.maximum))
    case 'invalid_value':
      return told('choice', issue.values.map(String).join(', '))
    case 'invalid_format':
      return issue.format === 'url' ? told('url') : told('form', issue.pattern ?? issue.format)
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ field: [...issue.path, key].join('.'), value: '', rule: 'unknown', limit: null }))
    default:
      return told('form', issue.message)
  }
}

const typeRules: Readonly<Record<string, Rule>> = { string: 'text', number: 'number', int: 'whole', boolean: 'yesNo' }

function valueAt(filled: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inside, key) => (typeof inside === 'object' && inside !== null ? Reflect.get(inside, key) : undefined),
    filled,
  )
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value)
  return text.length > shownAtMost ? `${text.slice(0, shownAtMost)}…` : text
}

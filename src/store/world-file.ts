/** A world as JSON, and the check that it is whole before anything is loaded from it. */
import * as z from 'zod'
import type { Key } from './table.ts'
import { keysIn, type Known, type Readable, type Resource } from './resource.ts'

/** Rows by the name of their resource, beside what is said once. */
export interface WorldFile {
  /** authentik's permission codenames, by username. */
  permissions: Record<string, string[]>
  secret_key: string
  /** Which authentik the rows were taken from, where they were. */
  release?: string | undefined
  [resource: string]: unknown
}

/** What is wrong in a world, each with the path of the value. */
export class WorldError extends Error {
  override readonly name = 'WorldError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    const shown = problems.slice(0, 5).join('; ')
    const more = problems.length > 5 ? `; and ${problems.length - 5} more` : ''
    super(`Failed to load the world: ${shown}${more}. Mend it, or print a whole one with: authentik-mock seed`)
    this.problems = problems
  }
}

/**
 * A world file, with what it leaves out filled in.
 * @throws WorldError when a value is of the wrong kind, a key is unknown, an identifier stands twice, a reference
 * points at nothing, or a stated value is not what authentik would compute.
 */
export function checkWorld(value: unknown, resources: readonly Resource[]): WorldFile {
  const form = z.strictObject({
    ...Object.fromEntries(resources.map((one) => [one.name, z.array(one.model).default([])])),
    permissions: z.record(z.string(), z.array(z.string())).default({}),
    secret_key: z.string().default(''),
    release: z.string().optional(),
    recorded_at: z.string().optional(),
  })
  const parsed = form.safeParse(structuredClone(value))
  if (!parsed.success)
    throw new WorldError(parsed.error.issues.map(({ path, message }) => `${toPath(path)}: ${message}`))
  const file = parsed.data as WorldFile
  const problems = resources.flatMap((one) => checkRows(one, file))
  if (problems.length === 0)
    problems.push(
      ...resources.flatMap((one) => checkDerived(one, file, value as Record<string, unknown>, read(file, resources))),
    )
  if (problems.length) throw new WorldError(problems)
  return file
}

function checkRows(one: Resource, file: WorldFile): string[] {
  const problems: string[] = []
  const rows = file[one.name] as Record<string, unknown>[]
  for (const field of [one.key, ...(one.unique ?? [])]) {
    const first = new Map<unknown, number>()
    rows.forEach((row, at) => {
      const before = first.get(row[field])
      if (before === undefined) first.set(row[field], at)
      else if (row[field] !== null)
        problems.push(
          `${one.name}[${at}].${field}: ${JSON.stringify(row[field])} is already that of ${one.name}[${before}]`,
        )
    })
  }
  for (const [field, target] of Object.entries(one.references ?? {}) as [string, Resource][]) {
    const known = new Set((file[target.name] as Record<string, Key>[]).map((row) => row[target.key]))
    rows.forEach((row, at) => {
      for (const key of keysIn(row[field]))
        if (!known.has(key))
          problems.push(`${one.name}[${at}].${field}: ${JSON.stringify(key)} is no ${target.key} in ${target.name}`)
    })
  }
  return problems
}

function checkDerived(one: Resource, file: WorldFile, given: Record<string, unknown>, known: Known): string[] {
  if (!one.derive) return []
  return (file[one.name] as object[]).flatMap((row, at) => {
    const stated = (given[one.name] as Record<string, unknown>[])[at]!
    return Object.entries(one.derive!(row, known)).flatMap(([field, computed]) =>
      !(field in stated) || same(stated[field], computed)
        ? []
        : [
            `${one.name}[${at}].${field}: is ${JSON.stringify(stated[field])}, but follows from the other rows as ${JSON.stringify(computed)}`,
          ],
    )
  })
}

/** Alike as authentik writes them: it gives lists of keys in no order. */
function same(stated: unknown, computed: unknown): boolean {
  const plain = (value: unknown) =>
    JSON.stringify(Array.isArray(value) ? value.map((item) => JSON.stringify(item)).sort() : value)
  return plain(stated) === plain(computed)
}

function read(file: WorldFile, resources: readonly Resource[]): Known {
  const tables = new Map<string, Readable<any>>(
    resources.map((one) => {
      const rows = file[one.name] as Record<string, unknown>[]
      const byKey = new Map(rows.map((row) => [row[one.key], row]))
      return [
        one.name,
        {
          all: () => rows.values() as IterableIterator<any>,
          get: (key) => byKey.get(key),
          find: (field, value) => rows.find((row) => row[field as string] === value),
        },
      ]
    }),
  )
  return { rows: (of) => tables.get(of.name)!, named: (name) => tables.get(name)! }
}

const toPath = (path: readonly PropertyKey[]) =>
  path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text ? `${text}.${String(step)}` : String(step)),
    '',
  ) || 'the file'

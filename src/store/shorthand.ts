/** Writes out a world in shorthand: names become keys, times from now instants, and what rows leave out is filled in. */
import { isObject } from '../schema/json.ts'
import { toUuid } from '../schema/uuid.ts'
import { FormError, quote } from './form.ts'
import { createRandom } from './random.ts'
import { fromNow } from './relative-time.ts'
import { hasIntegerKey, type FileRow, type Resource, type RowSource, type Writing } from './resource.ts'
import { nearestTo } from './row.ts'

/** What a file is written out beside. */
export interface Surroundings {
  resources: readonly Resource[]
  /** Milliseconds since 1970. */
  now: number
  /** A world that the file is merged into, whose rows it can name. */
  base?: RowSource | undefined
}

/**
 * Writes a world file out, in place.
 * @param file lists of rows by the names of their resources; anything else in it stays as it is
 * @returns what is wrong with it, each with the path of the value
 */
export function writeOut(file: FileRow, surroundings: Surroundings): string[] {
  const writer = new Writer(file, surroundings)
  writer.write()
  return writer.problems
}

class Writer implements Writing {
  readonly problems: string[] = []
  readonly now: number
  readonly #file: FileRow
  readonly #resources: ReadonlyMap<string, Resource>
  readonly #base: RowSource | undefined
  /** The rows that had no key. */
  readonly #short = new Set<FileRow>()
  /** The highest number of each resource. */
  readonly #highest = new Map<string, number>()
  /** The keys of rows by their names, of each resource that was asked for one. */
  readonly #keys = new Map<string, Map<unknown, unknown>>()

  constructor(file: FileRow, { resources, now, base }: Surroundings) {
    this.#file = file
    this.#resources = new Map(resources.map((resource) => [resource.name, resource]))
    this.#base = base
    this.now = now
  }

  write(): void {
    for (const resource of this.#resources.values())
      this.#listOf(resource.name).forEach((row, index) => isObject(row) && this.#identify(resource, row, index))
    for (const resource of this.#resources.values()) {
      const list = this.#listOf(resource.name)
      // What is added meanwhile stands at the end, and is complete.
      const count = list.length
      for (let index = 0; index < count; index++) {
        const row = list[index]
        if (isObject(row)) this.#complete(resource, row, `${resource.name}[${index}]`)
      }
    }
  }

  readonly rows = (resource: string): readonly FileRow[] => {
    const present = this.#base ? [...this.#base.tableNamed<FileRow>(resource).values()] : []
    return [...this.#listOf(resource).filter(isObject), ...present]
  }

  readonly keyOf = (resource: string, name: unknown): unknown => {
    const target = this.#resources.get(resource)
    if (!target || typeof name !== 'string') return name
    if (!hasIntegerKey(target) && toUuid(name) !== undefined) return name
    const { names = [] } = target.shorthand ?? {}
    const keys = this.#keysByName(target, names)
    if (keys.has(name)) return keys.get(name)
    const candidates = [...keys.keys()].map(String)
    const remedy =
      candidates.length > 0 ? `; the nearest is ${quote(nearestTo(name, candidates))}` : ', and there is none yet'
    throw new FormError(`no row of ${resource} has the ${names.join(' or ') || target.key} ${quote(name)}${remedy}`)
  }

  readonly add = (name: string, row: FileRow): unknown => {
    const resource = this.#resources.get(name)
    const list = this.#listOf(name)
    if (!resource) throw new TypeError(`There is no resource "${name}".`)
    this.#identify(resource, row, list.length)
    this.#file[name] = [...list, row]
    this.#keys.delete(name)
    this.#complete(resource, row, `${name}[${list.length}]`)
    return row[resource.key]
  }

  #listOf(name: string): readonly unknown[] {
    const value = Object.hasOwn(this.#file, name) ? this.#file[name] : undefined
    return Array.isArray(value) ? value : []
  }

  /** Gives a row without a key the key of the row that is there by its name, or a new one. */
  #identify(resource: Resource, row: FileRow, index: number): void {
    const { key, shorthand: { names: [name] = [] } = {} } = resource
    if (row[key] !== undefined || (key in resource.generated && name === undefined)) return
    if (name !== undefined) row[name] ??= defaultOf(resource, name) ?? toWord(resource, index)
    const present = name === undefined ? undefined : this.#findPresent(resource, name, row[name])
    if (!present) this.#short.add(row)
    row[key] = present ? present[key] : this.#newKey(resource, String(row[name ?? ''] ?? index), index)
  }

  #findPresent({ name }: Resource, field: string, value: unknown): FileRow | undefined {
    for (const row of this.#base?.tableNamed<FileRow>(name).values() ?? []) if (row[field] === value) return row
    return undefined
  }

  #newKey(resource: Resource, origin: string, index: number): unknown {
    const { name, key } = resource
    if (isText(resource)) return toWord(resource, index)
    if (!hasIntegerKey(resource)) return createRandom(name, origin).uuid()
    const highest = this.#highest.get(name) ?? this.#findHighest(name, key)
    this.#highest.set(name, highest + 1)
    return highest + 1
  }

  #findHighest(name: string, key: string): number {
    let highest = 0
    for (const row of this.rows(name)) highest = Math.max(highest, Number(row[key]) || 0)
    return highest
  }

  #complete(resource: Resource, row: FileRow, path: string): void {
    const { shorthand: { words = {}, defaults } = {} } = resource
    const count = this.problems.length
    for (const [word, expand] of Object.entries(words)) {
      if (!Object.hasOwn(row, word)) continue
      const value = row[word]
      delete row[word]
      this.#attempt(`${path}.${word}`, () => Object.assign(row, expand(value, row, this)))
    }
    // Of a word that stands for nothing it is said once.
    if (this.problems.length > count) return
    if (this.#short.has(row) && defaults)
      for (const [field, value] of Object.entries(defaults(row, this))) if (row[field] === undefined) row[field] = value
    for (const [field, target] of Object.entries(resource.references))
      this.#attempt(`${path}.${field}`, () => this.#point(resource, row, field, target))
    for (const field of resource.instants) {
      const value = row[field]
      if (typeof value === 'string') row[field] = fromNow(value, this.now) ?? value
    }
  }

  /** Has a row point at rows by their keys. */
  #point(resource: Resource, row: FileRow, field: string, target: string): void {
    const value = row[field]
    if (Array.isArray(value)) row[field] = value.map((name) => this.keyOf(target, name))
    else if (value !== undefined) row[field] = this.keyOf(target, value)
    else if (this.#short.has(row) && isRequired(resource, field)) row[field] = this.#firstOf(target)
  }

  /** The key of the first row of a resource, where a row must point at one and does not say at which. */
  #firstOf(target: string): unknown {
    const key = this.#resources.get(target)?.key ?? ''
    const [first] = this.rows(target)
    if (!first) throw new FormError(`is left out, and ${target} has no row that it could be. Add one`)
    return first[key]
  }

  #attempt(path: string, action: () => void): void {
    try {
      action()
    } catch (error) {
      if (!(error instanceof FormError)) throw error
      this.problems.push(`${path}: ${error.message}`)
    }
  }

  #keysByName({ name, key }: Resource, names: readonly string[]): ReadonlyMap<unknown, unknown> {
    let keys = this.#keys.get(name)
    if (!keys) {
      const rows = this.rows(name).toReversed()
      keys = new Map(names.toReversed().flatMap((field) => rows.map((row) => [row[field], row[key]] as const)))
      this.#keys.set(name, keys)
    }
    return keys
  }
}

/** Whether a row must have a field, and authentik does not make it up. */
const isRequired = ({ model, generated }: Resource, field: string) =>
  !(field in generated) && model.shape[field]?.safeParse(undefined).success === false

/** What a row has in a field where nobody says: its default, if that is a text. */
function defaultOf({ model }: Resource, field: string): string | undefined {
  const { data } = model.shape[field]?.safeParse(undefined) ?? {}
  return typeof data === 'string' ? data : undefined
}

/** Whether the key of a resource's rows is any text. */
const isText = ({ key, model }: Resource) => model.shape[key]?.safeParse('-').success === true

/** What a row without a name is called: `user-1`. */
const toWord = ({ name }: Resource, index: number) => `${name.replace(/s$/, '').replaceAll('_', '-')}-${index + 1}`

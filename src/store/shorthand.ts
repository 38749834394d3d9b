/** Writes out a world in shorthand: names become keys, times from now instants, and what rows leave out is filled in. */
import { isObject, quote } from '../schema/json.ts'
import { toUuid } from '../schema/uuid.ts'
import { FormError } from './form.ts'
import type { Key } from './key.ts'
import { createRandom } from './random.ts'
import { fromNow } from './relative-time.ts'
import { hasIntegerKey, type FileRow, type Resource, type RowSource, type Writing } from './resource.ts'
import { nearestTo } from '../schema/nearest.ts'
import type { ReadableTable } from './table.ts'

/** What a file is written out beside. */
export interface Surroundings {
  resources: readonly Resource[]
  /** Milliseconds since 1970. */
  now: number
  /** A world that the file is merged into, whose rows it can name. */
  base?: RowSource | undefined
}

/** What became of a file. */
export interface WrittenOut {
  /** What is wrong with it, each with the path of the value. */
  problems: string[]
  /** Whether it has times from now. */
  isRelative: boolean
}

/**
 * Writes a world file out, in place.
 * @param file lists of rows by the names of their resources; anything else in it stays as it is
 */
export function writeOut(file: FileRow, { resources, now, base }: Surroundings): WrittenOut {
  const lists = new Map(resources.map((resource) => [resource.name, new RowList(resource, file, base)]))
  const writer = new Writer(lists, now)
  for (const list of lists.values()) list.identify()
  for (const list of lists.values()) writer.completeAll(list)
  return writer
}

/** The rows of one resource: those of the file, and those that are there. */
class RowList {
  readonly resource: Resource
  /** The rows that had no key. */
  readonly short = new Set<FileRow>()
  readonly #file: FileRow
  readonly #present: ReadableTable<FileRow> | undefined
  /** The keys of rows by their names. */
  #names: Map<unknown, unknown> | undefined
  /** The rows of the file by their keys. */
  #byKey: Map<unknown, FileRow> | undefined
  /** By field: the rows that are there by their values. */
  #presentBy = new Map<string, Map<unknown, FileRow>>()
  /** What rows without a name are called, and what others are. */
  #words: Set<unknown> | undefined
  /** How many keys were made of each name, so that those of a thousand rows of one name are not made anew for each. */
  readonly #attempts = new Map<string, number>()
  #highest: number | undefined

  constructor(resource: Resource, file: FileRow, base: RowSource | undefined) {
    this.resource = resource
    this.#file = file
    this.#present = base?.tableNamed<FileRow>(resource.name)
  }

  /** What the file lists. */
  get listed(): unknown[] {
    const { name } = this.resource
    const value = Object.hasOwn(this.#file, name) ? this.#file[name] : undefined
    return Array.isArray(value) ? value : []
  }

  /** Whether the file lists rows, be it none. */
  get isListed(): boolean {
    return Object.hasOwn(this.#file, this.resource.name)
  }

  /** All rows; one of the file that is there already has what it leaves out. */
  rows(): FileRow[] {
    const { key } = this.resource
    const listed = this.listed.filter(isObject)
    if (!this.#present) return listed
    const keys = new Set(listed.map((row) => row[key]))
    const rest = [...this.#present.values()].filter((row) => !keys.has(row[key]))
    return [...listed.map((row) => this.get(row[key]) ?? row), ...rest]
  }

  /** The first row, where any will do. */
  first(): FileRow | undefined {
    return this.listed.find(isObject) ?? this.#present?.values().next().value
  }

  /** The row with a key. */
  get(key: unknown): FileRow | undefined {
    const row = this.#rowsByKey().get(key)
    const present = this.#present?.get(key as Key)
    return row && present ? { ...present, ...row } : (row ?? present)
  }

  /** The keys of the rows by their names; the first names count most, and the first row of a name. */
  keysByName(): ReadonlyMap<unknown, unknown> {
    if (!this.#names) {
      this.#names = new Map()
      const rows = this.rows()
      for (const field of this.resource.shorthand?.names ?? []) for (const row of rows) this.#enterName(field, row)
    }
    return this.#names
  }

  /** Adds a row at the end. @returns its place */
  add(row: FileRow): number {
    const list = this.listed
    if (list.length === 0) this.#file[this.resource.name] = list
    list.push(row)
    this.#identifyRow(row, list.length - 1)
    if (this.#names) for (const field of this.resource.shorthand?.names ?? []) this.#enterName(field, row)
    return list.length - 1
  }

  /** Gives each row without a key the key of the row that is there by its name, or a new one. */
  identify(): void {
    this.listed.forEach((row, index) => isObject(row) && this.#identifyRow(row, index))
  }

  #enterName(field: string, row: FileRow): void {
    const value = row[field]
    if (value !== undefined && !this.#names?.has(value)) this.#names?.set(value, row[this.resource.key])
  }

  #rowsByKey(): Map<unknown, FileRow> {
    const { key } = this.resource
    return (this.#byKey ??= new Map(
      this.listed.flatMap((row) => (isObject(row) && row[key] !== undefined ? [[row[key], row] as const] : [])),
    ))
  }

  #identifyRow(row: FileRow, index: number): void {
    const { key, shorthand: { names = [] } = {}, generated } = this.resource
    const [name] = names
    if (row[key] !== undefined) {
      // Where the key is a text, people write it as they write a name.
      if (isText(this.resource) && row['pk'] === undefined) this.short.add(row)
      return
    }
    if (key in generated && name === undefined) return
    const present = this.#findPresent(names, row)
    if (!present) this.short.add(row)
    if (!present && name !== undefined) row[name] ??= defaultOf(this.resource, name) ?? this.#newWord(name, index)
    row[key] = present ? present[key] : this.#newKey(String(row[name ?? ''] ?? index), index)
    this.#rowsByKey().set(row[key], row)
  }

  /** The row that is there by a name of a row, unless the file gives that row another name. */
  #findPresent(names: readonly string[], row: FileRow): FileRow | undefined {
    if (!this.#present) return undefined
    const [first = ''] = names
    const field = names.find((candidate) => row[candidate] !== undefined) ?? first
    const value = row[field] ?? defaultOf(this.resource, field)
    const present = value === undefined ? undefined : this.#presentByField(field).get(value)
    const renamed = present && this.#rowsByKey().get(present[this.resource.key])?.[field]
    return renamed === undefined || renamed === value ? present : undefined
  }

  #presentByField(field: string): Map<unknown, FileRow> {
    let rows = this.#presentBy.get(field)
    if (!rows) {
      rows = new Map([...(this.#present?.values() ?? [])].map((row) => [row[field], row]))
      this.#presentBy.set(field, rows)
    }
    return rows
  }

  /** What a row without a name is called, such as `user-1`; no other row is called so. */
  #newWord(field: string, index: number): string {
    this.#words ??= new Set(this.rows().map((row) => row[field]))
    const base = this.resource.name.replace(/s$/, '').replaceAll('_', '-')
    let number = index + 1
    while (this.#words.has(`${base}-${number}`)) number++
    this.#words.add(`${base}-${number}`)
    return `${base}-${number}`
  }

  #newKey(origin: string, index: number): unknown {
    const { name, key } = this.resource
    if (isText(this.resource)) return this.#newWord(key, index)
    if (hasIntegerKey(this.resource)) return this.#nextNumber()
    let uuid = createRandom(name, origin).uuid()
    // Another row may have the name too, or may have had it.
    let attempt = this.#attempts.get(origin) ?? 1
    while (this.get(uuid)) uuid = createRandom(name, `${origin} ${++attempt}`).uuid()
    this.#attempts.set(origin, attempt)
    return uuid
  }

  #nextNumber(): number {
    const { key } = this.resource
    if (this.#highest === undefined) {
      this.#highest = 0
      for (const row of this.rows()) this.#highest = Math.max(this.#highest, Number(row[key]) || 0)
    }
    return ++this.#highest
  }
}

/** Of how many names of a file that nobody has it is said which is nearest: each is compared with all. */
const MAX_NEAREST = 100

class Writer implements Writing, WrittenOut {
  readonly problems: string[] = []
  isRelative = false
  readonly now: number
  readonly #lists: ReadonlyMap<string, RowList>
  #misses = 0

  constructor(lists: ReadonlyMap<string, RowList>, now: number) {
    this.#lists = lists
    this.now = now
  }

  completeAll(list: RowList): void {
    const rows = list.listed
    // What is added meanwhile stands at the end, and is complete.
    const count = rows.length
    for (let index = 0; index < count; index++) {
      const row = rows[index]
      if (isObject(row)) this.#complete(list, row, `${list.resource.name}[${index}]`)
    }
  }

  readonly rows = (resource: string): readonly FileRow[] => this.#lists.get(resource)?.rows() ?? []

  readonly lists = (resource: string): boolean => this.#lists.get(resource)?.isListed ?? false

  readonly get = (resource: string, key: unknown): FileRow | undefined => this.#lists.get(resource)?.get(key)

  readonly keyOf = (resource: string, name: unknown): unknown => {
    const list = this.#lists.get(resource)
    if (!list || typeof name !== 'string') return name
    if (!hasIntegerKey(list.resource) && toUuid(name) !== undefined) return name
    const keys = list.keysByName()
    if (keys.has(name)) return keys.get(name)
    const { names = [], builtIn } = list.resource.shorthand ?? {}
    const row = builtIn?.(name)
    if (row) return this.add(resource, { ...row })
    throw new FormError(
      `no row of ${resource} has the ${names.join(' or ') || list.resource.key} ${quote(name)}${this.#nearestOf(name, keys)}`,
    )
  }

  /** Which name is nearest to one that there is not, of so many that it does not take longer than to read the file. */
  #nearestOf(name: string, keys: ReadonlyMap<unknown, unknown>): string {
    if (keys.size === 0) return ', and there is none yet'
    if (++this.#misses > MAX_NEAREST) return ''
    return `; the nearest is ${quote(nearestTo(name, [...keys.keys()].map(String)))}`
  }

  readonly add = (name: string, row: FileRow): unknown => {
    const list = this.#lists.get(name)
    if (!list) throw new TypeError(`There is no resource "${name}".`)
    this.#complete(list, row, `${name}[${list.add(row)}]`)
    return row[list.resource.key]
  }

  #complete(list: RowList, row: FileRow, path: string): void {
    const { references, instants, shorthand: { words = {}, defaults, targets = {} } = {} } = list.resource
    const count = this.problems.length
    for (const [word, expand] of Object.entries(words)) {
      if (!Object.hasOwn(row, word)) continue
      const value = row[word]
      delete row[word]
      this.#attempt(`${path}.${word}`, () => Object.assign(row, expand(value, row, this)))
    }
    // Of a word that stands for nothing it is said once.
    if (this.problems.length > count) return
    if (list.short.has(row) && defaults)
      for (const [field, value] of Object.entries(defaults(row, this))) if (row[field] === undefined) row[field] = value
    for (const [field, target] of [...Object.entries(references), ...Object.entries(targets)])
      this.#attempt(`${path}.${field}`, () => this.#point(list, row, field, target))
    for (const field of instants) this.#attempt(`${path}.${field}`, () => this.#tellTime(row, field))
  }

  #tellTime(row: FileRow, field: string): void {
    const value = row[field]
    const instant = typeof value === 'string' ? fromNow(value, this.now) : undefined
    if (instant === undefined && typeof value === 'string' && /^[+-]|^\d+(\.\d+)?[a-z]+$/i.test(value))
      throw new FormError(`${quote(value)} is no time from now. Write one like +5m or -1h30m, in ms, s, m, h, d or w`)
    if (instant === undefined) return
    row[field] = instant
    this.isRelative = true
  }

  /** Has a row point at rows by their keys. */
  #point({ resource, short }: RowList, row: FileRow, field: string, target: string): void {
    const value = row[field]
    if (Array.isArray(value)) row[field] = value.map((name) => this.keyOf(target, name))
    else if (value !== undefined) row[field] = this.keyOf(target, value)
    else if (short.has(row) && isRequired(resource, field)) row[field] = this.#firstOf(target)
  }

  /** The key of the first row of a resource, where a row must point at one and does not say at which. */
  #firstOf(target: string): unknown {
    const list = this.#lists.get(target)
    const first = list?.first()
    if (!list || !first) throw new FormError(`is left out, and ${target} has no row that it could be. Add one`)
    return first[list.resource.key]
  }

  #attempt(path: string, action: () => void): void {
    try {
      action()
    } catch (error) {
      if (!(error instanceof FormError)) throw error
      this.problems.push(`${path}: ${error.message}`)
    }
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

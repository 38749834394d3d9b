/** A schema as another release has it: rebuilt from the words it is made of, where something in it changed. */
import { component, isSchema, meaning, type Schema } from './words.ts'

/**
 * What a release changed in components, by their name; a `*` stands for any letters. A key is given another schema, or
 * null when it is gone; a new one stands last, or where `after` says. A component can be replaced or `renamed`.
 */
export type Changes = Record<string, Change>
type Change = Schema | Renamed | KeyChanges
type KeyChanges = Record<string, Schema | Placed | null>

class Placed {
  readonly key: string
  readonly schema: Schema
  constructor(key: string, schema: Schema) {
    this.key = key
    this.schema = schema
  }
}

class Renamed {
  readonly to: string
  readonly keys: KeyChanges
  constructor(to: string, keys: KeyChanges) {
    this.to = to
    this.keys = keys
  }
}

/** A new key that stands behind another. */
export const after = (key: string, schema: Schema) => new Placed(key, schema)

/** The component under another name, its keys changed or not. */
export const renamed = (to: string, keys: KeyChanges = {}) => new Renamed(to, keys)

/** The same changes in each of several components. */
export const inEach = (names: readonly string[], change: KeyChanges): Changes =>
  Object.fromEntries(names.map((name) => [name, change]))

/** @param steps what each release on the way changed, the oldest first */
export function amender(steps: readonly Changes[]): (schema: Schema) => Schema {
  const done = new Map<Schema, Schema>()
  return function visit(schema: Schema): Schema {
    const known = done.get(schema)
    if (known) return known
    const amended = amendOne(schema, steps, visit)
    done.set(schema, amended)
    if (amended !== schema) done.set(amended, amended)
    return amended
  }
}

function amendOne(schema: Schema, steps: readonly Changes[], visit: (schema: Schema) => Schema): Schema {
  const { component: own, parts, make } = meaning(schema)
  if (!own?.shape && parts.length) {
    const others = parts.map(visit)
    return others.every((other, at) => other === parts[at]) ? schema : make(others)
  }
  if (!own) return schema
  let { name, shape } = own
  let replaced = schema
  for (const step of steps) {
    for (const change of changesOf(step, name)) {
      if (isSchema(change)) replaced = change
      else {
        const keys = change instanceof Renamed ? change.keys : change
        if (change instanceof Renamed) name = change.to
        shape = shape && applyTo(shape, keys)
      }
    }
  }
  if (replaced !== schema || !shape) return replaced
  const visited = Object.fromEntries(Object.entries(shape).map(([key, value]) => [key, visit(value)]))
  const isSame =
    name === own.name &&
    Object.keys(visited).join() === Object.keys(own.shape!).join() &&
    Object.entries(visited).every(([key, value]) => own.shape![key] === value)
  return isSame ? schema : component(name, visited, own.extra)
}

const changesOf = (step: Changes, name: string) =>
  Object.entries(step).flatMap(([pattern, change]) => (isNamed(name, pattern) ? [change] : []))

/** @param pattern a name, in which a `*` stands for any letters */
export function isNamed(name: string, pattern: string): boolean {
  const [before, behind] = pattern.split('*')
  return behind === undefined ? name === pattern : name.startsWith(before!) && name.endsWith(behind)
}

function applyTo(shape: Record<string, Schema>, changes: KeyChanges): Record<string, Schema> {
  const entries = Object.entries(shape)
  for (const [key, change] of Object.entries(changes)) {
    const at = entries.findIndex(([one]) => one === key)
    if (change === null) entries.splice(at, 1)
    else if (change instanceof Placed) {
      if (at >= 0) entries.splice(at, 1)
      entries.splice(entries.findIndex(([one]) => one === change.key) + 1, 0, [key, change.schema])
    } else if (at >= 0) entries[at] = [key, change]
    else entries.push([key, change])
  }
  return Object.fromEntries(entries)
}

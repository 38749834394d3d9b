/** One kind of thing that authentik keeps: how a row of it looks, what it points at and how it is seeded. */
import type { Faker } from '@faker-js/faker'
import type { Key, Rows } from './table.ts'
import type { Dice } from './random.ts'
import type { Schema } from '../schema/words.ts'

export interface Resource<Row extends object = any> {
  /** Its name in a world file, such as `authorization_codes`. */
  name: string
  /** The field that identifies a row. */
  key: keyof Row & string
  /** Other fields to find a row by; what they hold is not shared. */
  unique?: readonly (keyof Row & string)[]
  /** What a row must be, field by field. */
  model: Schema<Row> & { shape: Record<string, Schema> }
  /** Fields that hold the key, or keys, of rows of another resource; null points at nothing. */
  references?: { [Field in keyof Row]?: Resource }
  /** What authentik computes and a world file may also state, such as a group's `parent_name`. */
  derive?(row: Row, known: Known): object
  /** What authentik calls it where it lists what uses something. */
  django?: Django<Row>
  /** Makes row `number`, counted from 1. */
  seed?(at: Seeding): Row
  /** How many rows a seeded world has. */
  count?(options: SeedOptions): number
}

/** authentik's own names for a resource. */
export interface Django<Row extends object> {
  app: string
  model: string
  /** The model's name as Python writes it: `AccessToken`. */
  className: string
  /** What a row is called in words: `Access Token for 1 for user 7`. */
  words(row: Row): string
  /** Its lists of keys by the name that authentik's model has for them, where the two are not the same. */
  many?: { [Field in keyof Row]?: string }
}

/** Rows to read: a world's, or those of a file that is being checked. */
export type Readable<Row extends object> = Pick<Rows<Row>, 'all' | 'get' | 'find'>

export interface Known {
  rows<Row extends object>(of: Resource<Row>): Readable<Row>
  /** Rows that point back at the asker, whose file it may not import. */
  named(resource: string): Readable<any>
}

/** What a row is made from: nothing but the seed, the resource, its number and, for what is relative to it, the time. */
export interface Seeding {
  number: number
  faker: Faker
  dice: Dice
  known: Known
  /** The whole minute in which the world began, in milliseconds since 1970. */
  began: number
}

export interface SeedOptions {
  /** How many authorization codes. */
  codes: number
}

/** States a resource, keeping the type of its row. */
export const resource = <Row extends object>(stated: Resource<Row>): Resource<Row> => stated

/** The keys that a row's field holds: none, one or several. */
export function keysIn(value: unknown): Key[] {
  if (value === null || value === undefined) return []
  return Array.isArray(value) ? (value as Key[]) : [value as Key]
}

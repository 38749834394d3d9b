/** Where the page is, in the part of the address behind `#`, so that a reload and the back button keep it. */
import { decode } from './api.ts'
import { createStore } from './store.ts'

/** The sections, in the order in which they stand. */
export const SECTIONS = ['grants', 'journal', 'world', 'clock', 'scenarios', 'namespaces'] as const

/** The name of a section. */
export type Section = (typeof SECTIONS)[number]

/** A section, and what of it is open: `#journal/12`, `#world/users/2`. */
export interface Route {
  section: Section
  rest: readonly string[]
}

/** Reads a route; what is no section is the first. */
export function readRoute(hash: string): Route {
  const [name = '', ...rest] = hash.replace(/^#/, '').split('/')
  const section = SECTIONS.find((candidate) => candidate === name) ?? SECTIONS[0]
  return { section, rest: rest.filter((part) => part !== '').map(decode) }
}

/** Writes a route. @example toHash('world', 'users', 2) // '#world/users/2' */
export const toHash = (section: Section, ...rest: readonly (string | number)[]): string =>
  `#${[section, ...rest.map((part) => encodeURIComponent(part))].join('/')}`

/** Where the page is. */
export const route = createStore<Route>(readRoute(location.hash))
addEventListener('hashchange', () => route.set(readRoute(location.hash)))

/** Goes elsewhere in the page. */
export function go(section: Section, ...rest: readonly (string | number)[]): void {
  location.hash = toHash(section, ...rest)
}

/** Notes where the page is. @returns tells whether it is still there, so that nobody is led away from elsewhere */
export function noteRoute(): () => boolean {
  const { hash } = location
  return () => location.hash === hash
}

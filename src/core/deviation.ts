/** A difference between what authentik documents and what its servers were seen to answer. */

export interface Deviation {
  id: string
  /** What differs, in one sentence. */
  sentence: string
  /** The releases it holds in. */
  holds(release: string): boolean
  /** The components that a server sends otherwise, with what it makes of a value as documented. */
  components?: { names: readonly string[]; send(value: Record<string, unknown>): Record<string, unknown> }
}

/** How a mock answers: as documented, or as observed. */
export interface Voice {
  /** A value of a documented component, as this voice sends it. */
  say<T extends object>(component: string, value: T): T
  /** Whether a deviation is part of it, by its id: for what is more than another value of a component. */
  has(deviation: string): boolean
}

/** @param deviations those that hold; none for the documented voice */
export function createVoice(deviations: readonly Deviation[]): Voice {
  const ids = new Set(deviations.map(({ id }) => id))
  const byComponent = new Map<string, ((value: Record<string, unknown>) => Record<string, unknown>)[]>()
  for (const { components } of deviations) for (const name of components?.names ?? []) byComponent.set(name, [...(byComponent.get(name) ?? []), components!.send])
  return {
    say: (component, value) => (byComponent.get(component) ?? []).reduce((said, send) => send(said as Record<string, unknown>) as typeof value, value),
    has: (id) => ids.has(id),
  }
}

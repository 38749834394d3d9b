/** A difference between what authentik documents and what its servers were seen to answer. */

export interface Deviation {
  id: string
  /** What differs, in one sentence. */
  sentence: string
  /** The releases it holds in. */
  holds(release: string): boolean
  /** The component that a server sends otherwise, with what it makes of a value as documented. */
  component?: { name: string; send(value: Record<string, unknown>): Record<string, unknown> }
  /** Whether a server looks for the row that a caller without credentials asks for, where the documentation refuses the caller. */
  admitsAnonymous?: boolean
}

/** How a mock answers: as documented, or as observed. */
export interface Voice {
  /** A value of a documented component, as this voice sends it. */
  say<T extends object>(component: string, value: T): T
  admitsAnonymous: boolean
}

/** @param deviations those that hold; none for the documented voice */
export function createVoice(deviations: readonly Deviation[]): Voice {
  const byComponent = new Map<string, ((value: Record<string, unknown>) => Record<string, unknown>)[]>()
  for (const { component } of deviations) if (component) byComponent.set(component.name, [...(byComponent.get(component.name) ?? []), component.send])
  return {
    say: (component, value) => (byComponent.get(component) ?? []).reduce((said, send) => send(said as Record<string, unknown>) as typeof value, value),
    admitsAnonymous: deviations.some((one) => one.admitsAnonymous === true),
  }
}

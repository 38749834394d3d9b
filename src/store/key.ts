/** What identifies a row. */
export type Key = number | string

/** The keys that a row's field holds: none, one or several. */
export function keysIn(value: unknown): Key[] {
  if (value === null || value === undefined) return []
  return Array.isArray(value) ? (value as Key[]) : [value as Key]
}

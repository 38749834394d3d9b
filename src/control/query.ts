/** Reads the parameters of a query. */
import { controlError } from './control-error.ts'

/** A flag, off where there is none. @throws MockError ERR_CONTROL for what is neither true nor false */
export function flagIn(query: URLSearchParams, name: string): boolean {
  const value = query.get(name) ?? 'false'
  if (value !== 'true' && value !== 'false') throw controlError([`${name}: "${value}" is neither true nor false`])
  return value === 'true'
}

/** A whole number; undefined where there is none. @throws MockError ERR_CONTROL for what is no number */
export function numberIn(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name)
  if (value === null) return undefined
  if (!/^\d{1,9}$/.test(value)) throw controlError([`${name}: "${value}" is no whole number`])
  return Number(value)
}

/** How values are written for people. */
import type { GrantKind } from '../types.ts'

/** A duration in few signs: `4:12`, `3 h 20 min`, `12 d`. @param milliseconds not negative */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  if (days >= 730) return `${Math.floor(days / 365)} y`
  if (days >= 2) return `${days} d`
  if (hours >= 1) return `${hours} h ${minutes % 60} min`
  return `${minutes}:${String(seconds % 60).padStart(2, '0')}`
}

/** The same with its greatest unit only, where there is little room: `4:12`, `3 h`, `12 d`. */
export const formatShortDuration = (milliseconds: number): string => formatDuration(milliseconds).replace(/ h .*/, ' h')

/** An instant as people read it, in UTC as authentik writes it: `2024-09-27 14:26:18`. */
export function formatInstant(instant: string | number): string {
  const date = new Date(instant)
  return Number.isNaN(date.getTime()) ? String(instant) : date.toISOString().slice(0, 19).replace('T', ' ')
}

/** The time of day, to the millisecond: `14:26:18.306`. */
export function formatTime(instant: string): string {
  const date = new Date(instant)
  return Number.isNaN(date.getTime()) ? instant : date.toISOString().slice(11, 23)
}

/** Milliseconds: `0.4 ms`, `12 ms`. */
export const formatMilliseconds = (milliseconds: number): string =>
  `${milliseconds < 10 ? Number(milliseconds.toFixed(1)) : Math.round(milliseconds)} ms`

/** A body as people read it: JSON with line breaks, anything else as it is. */
export function formatBody(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}

/** A value of JSON in one line, cut where it is long. */
export function formatValue(value: unknown, length = 80): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.length > length ? `${text.slice(0, length)}…` : text
}

/** `authorization_codes` as a heading: `Authorization codes`. */
export const formatName = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ')

/** What the kinds of grants are called. */
export const KINDS: Readonly<Record<GrantKind, string>> = {
  authorization_codes: 'authorization code',
  access_tokens: 'access token',
  refresh_tokens: 'refresh token',
  device_tokens: 'device token',
}

/** A count and what is counted: `1 row`, `2 rows`. */
export const formatCount = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`

/** Checks that `is_expired` says what follows from `expires` and the server's time. */
import { FAMILIES, NO_ROWS, toObject, toRows, type Check, type CheckFindings, type Grant } from './check.ts'
import type { Ask } from '../preflight.ts'

/** How far the server's time may be off, in milliseconds: its Date has whole seconds, and the answer took its time. */
const MARGIN = 5000

/** The newest rows, and those whose time was over first, because one that is over is what tells most. */
const ORDERS = ['-pk', 'expires']

/** A row, where it stood, and what its server's time says of it. */
interface Reading {
  row: Grant
  path: string
  /** Whether its time is over for sure. */
  isPast: boolean
  /** Whether it may say that its time is over. */
  mayBePast: boolean
}

/** Reads rows of a list. @returns undefined when the server does not say what time it is */
async function readRows(ask: Ask, family: string): Promise<Reading[] | undefined> {
  const readings = new Map<number, Reading>()
  for (const order of ORDERS) {
    const path = `/oauth2/${family}/?page_size=20&ordering=${order}`
    const { status, headers, text } = await ask(path)
    if (status !== 200) continue
    const rows = toRows(toObject(path, text), path)
    const now = Date.parse(headers.date ?? '')
    if (rows.length && Number.isNaN(now)) return undefined
    for (const [index, row] of rows.entries()) {
      const expires = row.expires === null ? NaN : Date.parse(row.expires)
      if (!readings.has(row.pk))
        readings.set(row.pk, {
          row,
          path: `$.results[${index}].is_expired`,
          isPast: expires < now - MARGIN,
          mayBePast: expires < now + MARGIN,
        })
    }
  }
  return [...readings.values()]
}

const describe = (noun: string, { pk, expires, is_expired: isExpired }: Grant) =>
  `${noun} ${pk} expires ${expires ?? 'never'}, and is_expired is ${isExpired}`

/** `is_expired` and the time. */
export const expiry: Check = {
  id: 'expiry',
  title: 'is_expired agrees with expires and the server’s time',
  async run({ ask }) {
    const findings: CheckFindings = []
    const [extents, lasting]: [string[], string[]] = [[], []]
    let [rowCount, pastCount] = [0, 0]
    for (const { family, noun } of FAMILIES) {
      const readings = await readRows(ask, family)
      if (!readings) return 'the server does not say what time it is'
      const past = readings.filter(({ isPast }) => isPast)
      const denied = past.filter(({ row }) => !row.is_expired)
      const early = readings.filter(({ row, mayBePast }) => row.is_expired && !mayBePast)
      findings.push(...early.map(({ row, path }) => ({ path, text: describe(noun, row) })))
      // The API does not show which rows are kept for ever: such a row never says that it has expired, whatever its time.
      const isDeniedByAll = denied.length === past.length
      for (const { row, path } of denied)
        if (isDeniedByAll)
          findings.push({ path, text: `${describe(noun, row)}, as of every ${noun} whose time is over` })
        else lasting.push(`${describe(noun, row)}, as for one that is kept for ever`)
      rowCount += readings.length
      pastCount += past.length
      extents.push(`${past.length} of ${readings.length} ${noun}s are over`)
    }
    if (rowCount === 0) return NO_ROWS
    const extent = extents.join(', ')
    const [lastingRow] = lasting
    if (findings.length === 0 && lastingRow !== undefined) return lastingRow
    if (findings.length === 0 && pastCount === 0) return `no row is over, so that none could say so: ${extent}`
    return { findings, extent }
  },
}

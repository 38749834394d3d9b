/** The fields of a scenario, and what each may be. */
import { isObject } from '../schema/json.ts'
import { toPlain } from '../store/plain.ts'
import { REQUEST_KINDS } from './journal-filter.ts'

/** What a field may be. */
interface FieldForm {
  /** In words: `a status from 100 to 599`. */
  meaning: string
  isFit(value: unknown): boolean
}

const text: FieldForm = { meaning: 'a text', isFit: (value) => typeof value === 'string' && value !== '' }
const flag: FieldForm = { meaning: 'true or false', isFit: (value) => typeof value === 'boolean' }
const isDelay = (value: unknown) => typeof value === 'number' && value >= 0 && value <= 600_000
const isWhole = (value: unknown, least: number, most: number) =>
  Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most

const choice = (...values: string[]): FieldForm => ({
  meaning: values.map((value) => `"${value}"`).join(' or '),
  isFit: (value) => typeof value === 'string' && values.includes(value),
})

/** By name. */
export const SCENARIO_FIELDS: ReadonlyMap<string, FieldForm> = new Map<string, FieldForm>([
  ['name', text],
  ['operationId', text],
  [
    'path',
    {
      meaning: 'a path that begins with a slash',
      isFit: (value) => typeof value === 'string' && value.startsWith('/'),
    },
  ],
  ['method', text],
  ['kind', choice(...REQUEST_KINDS)],
  ['user', text],
  ['status', { meaning: 'a status from 200 to 599', isFit: (value) => isWhole(value, 200, 599) }],
  ['body', { meaning: 'JSON', isFit: (value) => toPlain(value, 'body', 0).problems.length === 0 }],
  [
    'headers',
    {
      meaning: 'an object of texts',
      isFit: (value) => isObject(value) && Object.entries(value).every(([name, item]) => isHeader(name, item)),
    },
  ],
  [
    'latency',
    {
      meaning: 'milliseconds up to 600000, or the least and the most: [100, 300]',
      isFit: (value) =>
        isDelay(value) || (Array.isArray(value) && value.length === 2 && value.every(isDelay) && value[0] <= value[1]),
    },
  ],
  ['reset', flag],
  ['damage', choice('truncated', 'broken')],
  ['count', { meaning: 'a whole number from 1', isFit: (value) => isWhole(value, 1, Number.MAX_SAFE_INTEGER) }],
  ['once', flag],
  [
    'probability',
    { meaning: 'a number from 0 to 1', isFit: (value) => typeof value === 'number' && value >= 0 && value <= 1 },
  ],
])

/** Whether a header can be sent (RFC 9110, section 5). */
const isHeader = (name: string, value: unknown) =>
  /^[!#$%&'*+.^_`|~\w-]+$/.test(name) && typeof value === 'string' && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)

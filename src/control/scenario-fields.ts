/** The fields of a scenario, and what each may be. */
import { isObject } from '../schema/json.ts'
import { toPlain } from '../store/plain.ts'
import { choice, flag, method, path, text, whole, type FieldForm } from './field-form.ts'
import { REQUEST_KINDS } from './journal-filter.ts'

const filledText: FieldForm = { ...text, isFit: (value) => text.isFit(value) && value !== '' }
const isDelay = (value: unknown) => typeof value === 'number' && value >= 0 && value <= 600_000

/** By name. */
export const SCENARIO_FIELDS: ReadonlyMap<string, FieldForm> = new Map<string, FieldForm>([
  ['name', filledText],
  ['operationId', filledText],
  ['path', path],
  ['method', method],
  ['kind', choice(...REQUEST_KINDS)],
  ['user', filledText],
  ['status', whole('a status from 200 to 599', 200, 599)],
  ['body', { meaning: 'JSON', isFit: (value) => toPlain(value, 'body', 0).problems.length === 0 }],
  [
    'headers',
    {
      meaning: 'an object of texts without Content-Length, Transfer-Encoding and Trailer, which the server writes',
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
  ['skip', whole('a whole number from 0', 0)],
  ['count', whole('a whole number from 1', 1)],
  ['once', flag],
  [
    'probability',
    { meaning: 'a number from 0 to 1', isFit: (value) => typeof value === 'number' && value >= 0 && value <= 1 },
  ],
])

/** Headers of the connection: of two that differ, or of one that is wrong, a client cannot tell where the next answer begins. */
const FRAMING = /^(?:content-length|transfer-encoding|trailer)$/i

/** Whether a header can be sent (RFC 9110, section 5). */
const isHeader = (name: string, value: unknown) =>
  /^[!#$%&'*+.^_`|~\w-]+$/.test(name) &&
  !FRAMING.test(name) &&
  typeof value === 'string' &&
  /^[\t\x20-\x7e\x80-\xff]*$/.test(value)

/** An address is one where Python and PostgreSQL take it. */
import { expect, it } from 'vitest'
import { readAddress } from '../../src/schema/ip-address.ts'

it.each([
  ['192.0.2.10', '192.0.2.10'],
  ['255.255.255.255', '255.255.255.255'],
  ['2001:DB8:0:0::1', '2001:db8::1'],
  ['::', '::'],
  ['::ffff:192.0.2.10', '::ffff:c000:20a'],
])('%s is %s', (text, address) => {
  expect(readAddress(text)).toBe(address)
})

it.each([
  '',
  'zzz',
  '1.2.3',
  '1.2.3.4.5',
  '256.0.0.1',
  '01.2.3.4',
  '192.0.2.10/24',
  ':',
  '1::2::3',
  'fe80::1%eth0',
  '::1]:80',
])('"%s" is none', (text) => {
  expect(readAddress(text)).toBeUndefined()
})

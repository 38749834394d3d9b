/** How secrets are hidden in what is printed. */
import { describe, expect, it } from 'vitest'
import { createRedact } from '../../../src/contract/verify/redact.ts'

describe('a secret', () => {
  it.each([
    ['Token invalid/expired', 'x', 'Token invalid/expired'],
    ['has not expired, said Bearer x', 'x', 'has not expired, said Bearer ***'],
    ['an example of "ex"', 'ex', 'an example of "***"'],
    ['is_expired, is', 'is', 'is_expired, ***'],
    ['?token=pass1&next=compass1', 'pass1', '?token=***&next=compass1'],
    ['x-!y! and !y!', '!y!', 'x-*** and ***'],
    ['/a+/b', 'a+', '/***/b'],
  ])('of a few letters is hidden where it is a word, and in no other word: %s', (text, secret, hidden) => {
    expect(createRedact([secret])(text)).toBe(hidden)
  })

  it.each(['correcthorse', 'horse battery'])('that is long is hidden wherever it stands: %s', (secret) => {
    expect(createRedact([secret])(`before${secret}after`)).toBe('before***after')
  })

  it('is hidden in whichever way it is written', () => {
    const redact = createRedact(['pass&word/1'])
    const forms = ['pass&amp;word/1', encodeURIComponent('pass&word/1'), btoa('pass&word/1'), btoa('me:pass&word/1')]
    for (const form of forms) expect(redact(`so ${form}`)).toMatch(/^so [\w=]*\*\*\*[\w=]*$/)
  })

  it('that holds another is hidden whole', () => {
    expect(createRedact(['pass', 'pass-word'])('pass-word pass')).toBe('*** ***')
  })
})

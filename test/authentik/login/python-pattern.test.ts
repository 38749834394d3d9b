/** Redirect URIs that are regular expressions of Python's: what they meet, and that none of them blocks the mock. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PatternError, readPattern } from '../../../src/authentik/oidc/python-pattern.ts'
import { readyMock } from '../../support/client.ts'
import { cpuOf, leastOf } from '../../support/cost.ts'

describe('an expression', () => {
  it.each([
    ['https://a\\.example/(?P<page>\\w+)', 'https://a.example/cb', 'https://a.example/'],
    ['https://[^/]+\\.example\\.com(:\\d{2,5})?/.*', 'https://x.example.com:8080/', 'https://x/y.example.com/'],
    ['(?i)HTTP://LOCALHOST/', 'http://localhost/', 'http://localhost'],
    ['\\Ahttp://h/\\Z', 'http://h/', 'http://h/x'],
    ['a{,2}b', 'aab', 'aaab'],
    ['a{x}', 'a{x}', 'aa'],
    ['[]a-c-]+', 'b]-', 'd'],
    ['\\w+', 'Zoë', 'a b'],
    ['.', '\u{1f600}', '\n'],
    ['(?s).', '\n', ''],
    ['\\x41\\u0042', 'AB', 'ab'],
    ['\\bab\\b', 'ab', 'a'],
    ['(|a)+b', 'aab', 'a'],
  ])('%j meets %j whole, and not %j', (source, met, unmet) => {
    const pattern = readPattern(source)
    expect([pattern.test(met), pattern.test(unmet)]).toEqual([true, false])
  })

  it.each(['(', ')', '[a', '*a', 'a**', 'a{2,1}', '[b-a]', '\\', '\\y', '(?P<1>a)'])(
    '%j is refused, as Python does or because it is not followed',
    (source) => expect(() => readPattern(source)).toThrow(PatternError),
  )

  it.each(['(a)\\1', '(?=a)', '(?!a)', '(?<=a)', '(?>a)', 'a++', '(?m)^', 'a{1001}', `${'('.repeat(200)}`])(
    '%j is not followed, and Python would',
    (source) => {
      const isInvalid = (() => {
        try {
          return readPattern(source)
        } catch (error) {
          return error instanceof PatternError && error.isInvalid
        }
      })()
      expect(isInvalid).toBe(false)
    },
  )

  it('meets what the engine’s own expressions meet, where both mean the same', () => {
    const leaf = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\.', '\\d', 'c')
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc.tuple(tie('expression'), tie('expression')).map((parts) => parts.join('')),
        fc.tuple(tie('expression'), tie('expression')).map((parts) => `(${parts.join('|')})`),
        fc
          .tuple(tie('expression'), fc.constantFrom('*', '+', '?', '{0,2}', '{2}', '*?'))
          .map(([part, count]) => `(?:${part})${count}`),
      ),
    }))
    const text = fc.array(fc.constantFrom('a', 'b', 'c', '.', '1'), { maxLength: 7 }).map((signs) => signs.join(''))
    fc.assert(
      fc.property(expression, text, (source, sample) => {
        expect(readPattern(source).test(sample)).toBe(new RegExp(`^(?:${source})$`).test(sample))
      }),
      { numRuns: 2000 },
    )
  })

  it.each(['(a+)+b', '(a|a)*b', '(a*)*b', '.*.*.*.*b', '(?:a?){300}a{299}b'])(
    '%j takes no longer than a text is long',
    async (source) => {
      const pattern = readPattern(source)
      const test = () => expect(pattern.test('a'.repeat(2000))).toBe(false)
      expect(await leastOf(3000, () => cpuOf(test))).toBeLessThan(3000)
    },
  )
})

describe('a provider whose redirect URI the mock does not follow', () => {
  const URI = 'https://(?!evil).*'

  it.each([
    ['2024.8.4', URI],
    ['2026.2.2', [{ matching_mode: 'regex', url: URI }]],
  ])('redirects nowhere in %s, which is said once, by its name', async (release, redirect_uris) => {
    const messages: string[] = []
    const authentik = await readyMock({ release, log: (message) => messages.push(message) })
    await authentik.world.providers.update(1, { redirect_uris: redirect_uris as never })
    const { client_id, name } = authentik.world.providers.get(1)!
    const query = new URLSearchParams({ client_id, redirect_uri: 'https://app.example/', response_type: 'code' })
    for (let count = 0; count < 2; count++)
      expect((await authentik.fetch(`http://authentik.test/application/o/authorize/?${query}`)).status).toBe(400)
    expect(messages).toEqual([
      `The redirect URI "${URI}" of the provider "${name}" meets no address: it has "(?!e", which the mock does not follow. Write the regular expression without it.`,
      expect.stringContaining('A login was refused. The redirect_uri "https://app.example/" is none of the client'),
    ])
  })
})

/** authentik-mock/playwright in Chromium, as Playwright's own runner runs it. */
import { beforeAll, describe, expect, it } from 'vitest'
import { findPort } from '../../support/ports.ts'
import { PATIENCE, runTests, type Result } from './support.ts'

describe('a run of four workers, with one server', () => {
  let results: Map<string, Result>
  beforeAll(async () => {
    results = await runTests({ MOCK_PORT: String(await findPort()) })
  }, PATIENCE)

  /** The tests that came to something else, with why. */
  const findOthersThan = (status: string, titles: readonly string[]) =>
    titles
      .map((title) => ({ title, ...results.get(title) }))
      .filter((result) => result.status !== status)
      .map(({ title, error }) => [title, error])

  it('gives each of four tests at a time, and all four contexts of each, a namespace of its own', () => {
    expect(
      findOthersThan(
        'expected',
        ['n0', 'n1', 'n2', 'n3'].map((name) => `four contexts of ${name} see its codes`),
      ),
    ).toEqual([])
  })

  it('lets a person log in, and a test log somebody in', () => {
    expect(findOthersThan('expected', ['a person logs in at the page of authentik'])).toEqual([])
  })

  it('gives a namespace the options of its test', () => {
    expect(findOthersThan('expected', ['the options are those of the namespace'])).toEqual([])
  })

  it('has a namespace by its path, whose issuer the application is told', () => {
    expect(findOthersThan('expected', ['the application is told the issuer'])).toEqual([])
  })

  it('sends the header of the namespace with other headers, and with requests of no browser', () => {
    expect(
      findOthersThan('expected', ['are sent beside that of the namespace', 'a request without a browser is led, too']),
    ).toEqual([])
  })

  it('lets serial tests share a namespace, and a page that was made before them', () => {
    expect(findOthersThan('expected', ['the first logs in', 'the second goes on with that'])).toEqual([])
  })

  it('gives a test that is tried again another namespace', () => {
    expect(findOthersThan('flaky', ['begins with a namespace of its own'])).toEqual([])
  })

  it('merges its fixtures with others, and extends a test', () => {
    expect(
      findOthersThan('expected', ['the fixtures are merged with others', 'the fixtures extend a test of your own']),
    ).toEqual([])
  })

  it.each(['header', 'route'])('has the verbs of the control API in the mode %s', (mode) => {
    expect(
      findOthersThan(
        'expected',
        [
          'the world is changed, kept and brought back',
          'the clock is moved, stopped and let run',
          'grants are minted, expired and revoked',
          'scenarios strike, and the journal has what was asked',
          'what cannot be is refused with what to do',
        ].map((title) => `${title}: ${mode}`),
      ),
    ).toEqual([])
  })

  it('answers by routes where no server is: a login, what is written, and a connection that is reset', () => {
    expect(
      findOthersThan('expected', [
        'a person logs in at a page that no server has',
        'a session that is given needs no page',
        'another context is led, too',
        'what the page writes reaches the mock whole',
        'nothing of the origin goes to the network',
        'a connection that a scenario resets is a network error',
        'nobody enters anything',
        'only the paths of authentik are answered',
      ]),
    ).toEqual([])
  })
})

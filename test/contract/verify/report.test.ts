/** What a server, a pact or a broker says is shown in a report, and steers nothing that reads it. */
import { describe, expect, it } from 'vitest'
import { toReport } from '../../../src/contract/verify/report.ts'
import type { Verification } from '../../../src/contract/verify/run.ts'

/** A report in which everything that others say is this text. */
const reportOf = (text: string): Verification => ({
  provider: {
    base: 'https://authentik.company',
    release: '2024.8.3',
    certainty: 'as the server says',
    isExact: true,
    isNewer: false,
    caller: { pk: 1, username: text, superuser: true },
  },
  interactions: [{ name: text, verdict: 'new drift', findings: [{ path: '', text }] }],
  checks: [{ name: text, verdict: 'inconclusive', findings: [{ path: text, text }], extent: text }],
  publications: [{ consumer: text, outcome: 'published' }],
})

const REPORTERS = Object.keys(toReport) as (keyof typeof toReport)[]
const write = (reporter: keyof typeof toReport, text: string) => toReport[reporter](reportOf(text), String)

describe.each(REPORTERS)('a report in %s', (reporter) => {
  it.each([
    ['an escape of a terminal', '\u001B[2Jgone'],
    ['one in a single byte', '\u009B2J'],
    ['a backspace', 'a\bb'],
    ['a mark that turns a text round', '\u202Egnorw\u202C'],
    ['an isolate', '\u2066a\u2069'],
    ['a separator of lines', 'a\u2028b'],
    ['a NUL', 'a\0b'],
  ])('shows %s as signs', (_, text) => {
    const written = write(reporter, text)
    expect(written.replaceAll('\n', '').match(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu)).toBeNull()
    expect(written).toMatch(/\\b|\\+u(001b|009b|0008|202e|2066|2028|0000)|&#92;u/)
  })

  it.each(['::error::boo', '  ::set-output name=a::b', '##[error]boo', 'a ##[command]b', 'a\n::error::b', '%0A::x'])(
    'has no command for a runner of GitHub in %j',
    (text) => {
      const lines = write(reporter, text).split('\n')
      expect(lines.filter((line) => line.includes('##[') && reporter !== 'json')).toEqual([])
      const commands = lines.filter((line) => line.trimStart().startsWith('::'))
      expect(commands.filter((line) => !/^::(error|warning|notice)( title=[^:,]*)?::/.test(line))).toEqual([])
      expect(reporter === 'github' || commands.length === 0).toBe(true)
    },
  )
})

describe('a report in Markdown', () => {
  it.each([
    '@everybody',
    '[a](https://evil.example)',
    '![a](https://evil.example/a.png)',
    'https://evil.example',
    'www.evil.example',
    'mail@evil.example',
    '<img src=x onerror=alert(1)>',
    '`code` *bold* _thin_ ~~gone~~',
    'a | b',
    '#1',
    '&lt;',
  ])('has no link, mention, picture, tag or emphasis in %j', (text) => {
    const plain = write('markdown', text)
      .replace(/&#\d+;/g, '')
      .replaceAll('<br>', '')
      .replaceAll(/^\|.*$/gm, (row) => row.slice(1, -1).replaceAll(' | ', ' '))
      .replace(/^## /, '')
    expect(plain.match(/[@[\]`*_~<>|#]|:\/\/|www\.|&lt/g) ?? []).toEqual([])
  })
})

describe('an interaction', () => {
  const rowsOf = (consumers: readonly string[]): Verification => ({
    ...reportOf('x'),
    checks: [],
    interactions: consumers.map((consumer, index) => ({
      name: `code ${index}`,
      consumer,
      verdict: 'conforms',
      findings: [],
    })),
  })

  it('names its consumer, but for those of the contract that is shipped', () => {
    const printed = toReport.text(rowsOf(['goauthentik-api', 'page']), String)
    expect(printed).toMatch(/code 0\n.* code 1 \(of page\)\n/)
  })

  it('of the contract that is shipped names it too, where another of its name is there', () => {
    const { interactions, ...rest } = rowsOf(['goauthentik-api', 'page'])
    const alike = interactions.map((interaction) => ({ ...interaction, name: 'a code' }))
    const printed = toReport.text({ ...rest, interactions: alike }, String)
    expect(printed).toMatch(/a code \(of goauthentik-api\)\n.* a code \(of page\)\n/)
  })
})

describe('a report in JUnit', () => {
  it.each(['</testcase><testcase name="x">', '" onload="x', ']]>', '\uD800', '\uFFFF'])(
    'is XML with %j in it',
    (text) => {
      const written = write('junit', text)
      expect(written.match(/<testcase /g)).toHaveLength(2)
      expect(written.isWellFormed()).toBe(true)
      expect(written.match(/[\uFFFE\uFFFF]| onload="/g)).toBeNull()
    },
  )
})

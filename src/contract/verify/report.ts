/** Writes a verification in the forms that people, CI and other programs read. */
import { SENTENCES } from '../../authentik/deviation-sentences.ts'
import { SHIPPED_CONSUMER } from '../pact/shipped.ts'
import { escapeControls, showControls } from '../printable.ts'
import type { Verification } from './run.ts'
import { VERDICTS, type Finding, type Judged, type Verdict } from './verdict.ts'

/** Writes a verification; `bold` emphasizes a text on a terminal. */
type Reporter = (verification: Verification, bold: (text: string) => string) => string

/** Writes a verification in the form of a reporter. */
export const toReport: Record<'text' | 'json' | 'junit' | 'github' | 'markdown', Reporter> = {
  json: (verification) => `${escapeControls(JSON.stringify(verification, null, 2))}\n`,

  text: (verification, bold) => {
    const lines = toRows(verification).map(
      ({ name, verdict, findings, extent }) =>
        `  ${SIGNS[verdict]} ${bold(verdict.padEnd(16))} ${name}\n${linesOf(findings, extent)
          .map((line) => `      ${withoutCommand(line)}\n`)
          .join('')}`,
    )
    return `${toHeadline(verification)}\n\n${lines.join('')}\n${summarize(verification)}\n`
  },

  markdown: (verification) => {
    const lines = toRows(verification).map(
      ({ name, verdict, findings, extent }) =>
        `| ${verdict} | ${toCell(name)} | ${linesOf(findings, extent).map(toCell).join('<br>')} |`,
    )
    return `## ${toCell(toHeadline(verification))}\n\n| verdict | what | found |\n| --- | --- | --- |\n${lines.join('\n')}\n\n${toCell(summarize(verification))}\n`
  },

  github: (verification) => {
    const lines = toRows(verification)
      .filter(({ verdict }) => verdict !== 'conforms')
      .flatMap((row) => {
        const title = escapeData(row.name).replaceAll(':', '%3A').replaceAll(',', '%2C')
        return row.findings.map(
          (finding) => `::${toLevel(row, finding)} title=${title}::${escapeData(describe(finding))}\n`,
        )
      })
    return `${lines.join('')}::notice::${escapeData(summarize(verification))}\n`
  },

  junit: (verification) => {
    const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    const rows = toRows(verification)
    const cases = rows.map(({ name, verdict, findings }) => {
      const text = escape(findings.map(describe).join('\n'))
      const result =
        verdict === 'new drift'
          ? `<failure message="new drift">${text}</failure>`
          : verdict === 'inconclusive'
            ? `<skipped message="${text}"/>`
            : text && `<system-out>${escape(verdict)}: ${text}</system-out>`
      return `  <testcase classname="authentik-mock verify" name="${escape(name)}">${result}</testcase>\n`
    })
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="${escape(toHeadline(verification))}" tests="${cases.length}" failures="${countOf('new drift', rows)}" skipped="${countOf('inconclusive', rows)}">\n${cases.join('')}</testsuite>\n`
  },
}

/** The annotation of GitHub Actions for what cannot be verified at all. */
export const toAnnotation = (message: string) => `::error title=authentik-mock verify::${escapeData(message)}\n`

/** What may stand in a command of GitHub Actions. */
const escapeData = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

const SIGNS: Record<Verdict, string> = {
  conforms: '✓',
  warning: '!',
  'known deviation': '~',
  'new drift': '✗',
  inconclusive: '?',
}

/** The level of an annotation of GitHub Actions. */
function toLevel({ verdict, pending }: Judged, { deviation }: Finding): string {
  if (verdict === 'inconclusive' || verdict === 'warning') return 'warning'
  return verdict === 'new drift' && !pending && deviation === undefined ? 'error' : 'notice'
}

/** Escapes a text for Markdown, in which it can make no column, tag, emphasis, link, mention or picture. */
const toCell = (text: string) =>
  text.replace(/[&<>|`*_[\]()#!~@\\]|:(?=\/\/)|(?<=www)\./gi, (sign) => `&#${sign.charCodeAt(0)};`)

/** Takes from a line what a runner of GitHub would carry out: a command at its begin, or an older one anywhere. */
const withoutCommand = (line: string) => line.replace(/^(\s*)::/, '$1\\u003a:')

/** The interactions and checks as people read them: a finding that is the same in many rows of a list is told once. */
function toRows({ interactions, checks }: Verification): Judged[] {
  const rows = [...interactions, ...checks]
  // Who gives a pact looks for its rows among those that are shipped; and two consumers may say the same.
  const consumersOf = Map.groupBy(rows, ({ name }) => name)
  const isShared = ({ name, consumer }: Judged) => consumersOf.get(name)?.some((row) => row.consumer !== consumer)
  const isNamed = (judged: Judged) => judged.consumer !== SHIPPED_CONSUMER || isShared(judged)
  return rows.map((judged) => ({
    ...judged,
    name:
      toLine(judged.name) +
      (judged.consumer !== undefined && isNamed(judged) ? ` (of ${toLine(judged.consumer)})` : '') +
      (judged.pending ? ' (pending)' : ''),
    findings: gatherAlike(judged.findings),
  }))
}

function gatherAlike(findings: readonly Finding[]): Finding[] {
  const groups = Map.groupBy(
    findings,
    ({ path, text, deviation }) => `${path.replace(/\[\d+\]/g, '[]')} ${path === '' ? text : ''} ${deviation}`,
  )
  return [...groups.values()].flatMap(([first, ...more]) => {
    if (!first) return []
    return more.length ? { ...first, text: `${first.text}, and ${more.length} more like it` } : first
  })
}

const toHeadline = ({ provider }: Verification) =>
  toLine(
    `authentik ${provider.release} (${provider.certainty}) at ${provider.base}, asked as ${provider.caller.username}${provider.caller.superuser ? ', a superuser' : ''}`,
  )

function summarize({ interactions, checks, publications }: Verification): string {
  const judged = [...interactions, ...checks]
  const counts = VERDICTS.flatMap((verdict) => {
    const count = countOf(verdict, judged)
    return count ? [`${count} ${verdict}`] : []
  })
  const published = publications.flatMap(({ consumer, outcome }) => (outcome === 'published' ? [consumer] : []))
  return counts.join(', ') + (published.length ? `; published for ${toLine(published.join(', '))}` : '')
}

const countOf = (verdict: Verdict, judged: readonly Judged[]) => judged.filter((row) => row.verdict === verdict).length

/** What is wrong, and what was looked at. */
const linesOf = (findings: readonly Finding[], extent: string | undefined) => [
  ...findings.map(describe),
  ...sentencesOf(findings),
  ...(extent === undefined ? [] : [`looked at: ${toLine(extent)}`]),
]

/** What the deviations are that explain the findings, each once. */
const sentencesOf = (findings: readonly Finding[]) =>
  Object.entries(SENTENCES).flatMap(([id, sentence]) =>
    findings.some(({ deviation }) => deviation === id) ? [`known ${id}: ${sentence}`] : [],
  )

/** Writes a finding in one line. */
const describe = ({ path, text, deviation }: Finding) =>
  toLine(`${path && `${path}: `}${text}${deviation === undefined ? '' : ` (known: ${deviation})`}`)

/** Writes a text in one line, in which what steers a terminal, a runner of GitHub or a reader's eye is shown as signs. */
const toLine = (text: string) =>
  showControls(
    text
      .toWellFormed()
      .replace(/[\t\n\r ]+/g, ' ')
      .replace(/[\uFFFE\uFFFF]/g, '\uFFFD'),
  )

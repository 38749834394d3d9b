/** A verification in the forms that people, CI and other programs read. */
import type { Verification } from './run.ts'
import type { Finding, Judged } from './verdict.ts'

type Reporter = (verification: Verification, bold: (text: string) => string) => string

export const toReport: Record<'text' | 'json' | 'junit' | 'github' | 'markdown', Reporter> = {
  json: (verification) => `${JSON.stringify(verification, null, 2)}\n`,

  text: (verification, bold) => {
    const line = ({ name, verdict, findings }: Judged) =>
      `  ${SIGNS[verdict]} ${bold(verdict.padEnd(16))} ${name}\n${findings.map((one) => `      ${said(one)}\n`).join('')}`
    return `${headline(verification)}\n\n${all(verification).map(line).join('')}\n${summary(verification)}\n`
  },

  markdown: (verification) => {
    const row = ({ name, verdict, findings }: Judged) =>
      `| ${verdict} | ${cell(name)} | ${findings.map((one) => cell(said(one))).join('<br>')} |`
    return `## ${headline(verification)}\n\n| verdict | what | found |\n| --- | --- | --- |\n${all(verification).map(row).join('\n')}\n\n${summary(verification)}\n`
  },

  github: (verification) => {
    const escape = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
    const level = ({ verdict, pending }: Judged, { deviation }: Finding) =>
      verdict === 'inconclusive'
        ? 'warning'
        : verdict === 'new drift' && !pending && deviation === undefined
          ? 'error'
          : 'notice'
    const lines = all(verification).flatMap((one) =>
      one.verdict === 'conforms'
        ? []
        : one.findings.map(
            (finding) =>
              `::${level(one, finding)} title=${escape(one.name).replaceAll(':', '%3A').replaceAll(',', '%2C')}::${escape(said(finding))}\n`,
          ),
    )
    return `${lines.join('')}::notice::${escape(summary(verification))}\n`
  },

  junit: (verification) => {
    const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    const cases = all(verification).map(({ name, verdict, findings }) => {
      const text = escape(findings.map(said).join('\n'))
      const inside =
        verdict === 'new drift'
          ? `<failure message="new drift">${text}</failure>`
          : verdict === 'inconclusive'
            ? `<skipped message="${text}"/>`
            : text && `<system-out>${escape(verdict)}: ${text}</system-out>`
      return `  <testcase classname="authentik-mock verify" name="${escape(name)}">${inside}</testcase>\n`
    })
    const count = (verdict: Judged['verdict']) => all(verification).filter((one) => one.verdict === verdict).length
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="${escape(headline(verification))}" tests="${cases.length}" failures="${count('new drift')}" skipped="${count('inconclusive')}">\n${cases.join('')}</testsuite>\n`
  },
}

/** A text in a table: no column, no tag. */
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')

const SIGNS: Record<Judged['verdict'], string> = {
  conforms: '✓',
  'known deviation': '~',
  'new drift': '✗',
  inconclusive: '?',
}

/** As people read it: what is alike in each row of a list is said once. */
const all = ({ interactions, checks }: Verification) =>
  [...interactions, ...checks].map((one) => ({
    ...one,
    name: toLine(one.name) + (one.pending ? ' (pending)' : ''),
    findings: gather(one.findings),
  }))

function gather(findings: readonly Finding[]): Finding[] {
  const alike = Map.groupBy(
    findings,
    ({ path, text, deviation }) => `${path.replace(/\[\d+\]/g, '[]')} ${path === '' ? text : ''} ${deviation}`,
  )
  return [...alike.values()].map(([first, ...more]) =>
    more.length ? { ...first!, text: `${first!.text}, and ${more.length} more like it` } : first!,
  )
}

const headline = ({ provider }: Verification) =>
  toLine(
    `authentik ${provider.release} (${provider.certainty}) at ${provider.base}, asked as ${provider.caller.username}${provider.caller.superuser ? ', a superuser' : ''}`,
  )

function summary(verification: Verification): string {
  const judged = [...verification.interactions, ...verification.checks]
  const counts = Object.keys(SIGNS).flatMap((verdict) => {
    const count = judged.filter((one) => one.verdict === verdict).length
    return count ? [`${count} ${verdict}`] : []
  })
  const published = verification.publications.flatMap(({ consumer, outcome }) =>
    outcome === 'published' ? [consumer] : [],
  )
  return counts.join(', ') + (published.length ? `; published for ${toLine(published.join(', '))}` : '')
}

const said = ({ path, text, deviation }: Finding) =>
  toLine(`${path && `${path}: `}${text}${deviation === undefined ? '' : ` (known: ${deviation})`}`)

/** In one line, without what steers a terminal or cannot stand in XML. */
const toLine = (text: string) => text.replace(/[\s\p{Cc}\uFFFE\uFFFF]+/gu, ' ')

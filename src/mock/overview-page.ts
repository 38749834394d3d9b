/** What the page at `/-/mock/` says, in HTML. */
import { SENTENCES } from '../authentik/deviation-sentences.ts'
import { escapeHtml, page } from '../http/html.ts'

/** What the page tells, each part in plain text. */
export interface Overview {
  version: string
  fidelity: string
  /** The version of this package. */
  mockVersion: string
  /** Undefined when the mock was given a world. */
  seed: number | undefined
  /** What its clock shows, in milliseconds since 1970. */
  now: number
  /** How many rows each resource has. */
  rows: readonly (readonly string[])[]
  counts: { supported: number; documented: number }
  /** What stands before every path, without its final slash. */
  base: string
  /** The address of the API. */
  api: string
  /** The ids of the deviations that hold in the release. */
  deviations: readonly string[]
}

/** All that the page is styled by, and its hash, by which the page's policy allows it. */
const STYLE = 'th{text-align:left}'
export const STYLE_HASH = 'sha256-uDCngNXjmaGghiN/QRpiVCCO7TiHZhk9aVNeCRAfZio='

/** Writes the page. */
export function writeOverview({
  mockVersion,
  version,
  fidelity,
  seed,
  now,
  rows,
  counts,
  base,
  api,
  deviations,
}: Overview): string {
  const facts = [
    ['authentik-mock', mockVersion],
    ['release of authentik', version],
    ['fidelity', fidelity],
    ['seed', seed === undefined ? 'none: it was given a world' : String(seed)],
    ['its clock', new Date(now).toISOString()],
  ]
  const toTable = (list: readonly (readonly string[])[]) =>
    `<table>\n${list.map(([name = '', value = '']) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`).join('\n')}\n</table>`
  /** Code stands between backticks. */
  const toHtml = (sentence: string) => escapeHtml(sentence).replace(/`([^`]+)`/g, '<code>$1</code>')
  return page(
    'What runs here',
    `<h1>authentik-mock</h1>
<p>This is a mock of authentik's API, and no authentik.</p>
<h2>What runs here</h2>
${toTable(facts)}
<h2>Operations</h2>
<p>It supports ${counts.supported} of the ${counts.documented} operations of authentik ${escapeHtml(version)}. Any other is answered with 501.</p>
<ul>
<li><a href="${base}/api/v3/schema/?format=json">the OpenAPI document of what it supports</a></li>
<li><a href="${base}/api/v3/root/config/">its configuration</a>, which needs no token</li>
</ul>
<h2>A request</h2>
<pre>curl -H 'Authorization: Bearer TOKEN' '${escapeHtml(api)}/core/users/me/'</pre>
<p>TOKEN is the key of an API token. The command line prints one when it starts, and in a program <code>authentik.tokens()</code> has it, once <code>authentik.ready</code> has settled. This page shows none.</p>
<h2>Rows</h2>
${toTable(rows)}
<h2>Where servers of this release differ from its documentation</h2>
<p>${fidelity === 'observed' ? 'It answers as these servers do.' : 'It answers as the documentation says; with the fidelity <code>observed</code>, as these servers do.'}</p>
<ul>
${deviations.map((id) => `<li>${toHtml(SENTENCES[id] ?? id)}</li>`).join('\n')}
</ul>`,
    STYLE,
  )
}

/** The page at `/-/mock/`: what runs here, for whoever opens the mock in a browser. It is plain HTML, and loads nothing. */
import manifest from '../../package.json' with { type: 'json' }
import type { AuthentikRelease } from '../authentik/behaviour.ts'
import { deviationsOf } from '../authentik/deviations.ts'
import { MOCK_PATH } from '../authentik/pages.ts'
import { countOperations } from '../authentik/operations/documented.ts'
import { escapeHtml, page } from '../http/html.ts'
import { originOf, type Call, type Reply } from '../http/message.ts'
import type { World } from '../store/world.ts'
import type { Fidelity } from './options.ts'

/** What the page tells of a mock. */
export interface OverviewSubject {
  world: World
  release: AuthentikRelease
  fidelity: Fidelity
  /** Undefined when the mock was given a world. */
  seed: number | undefined
}

/** Answers on a decoded path that begins with `MOCK_PATH`: the page, or in plain text that nothing stands there. */
export async function answerOverview(call: Call, path: string, subject: OverviewSubject): Promise<Reply> {
  if (path !== MOCK_PATH) return toReply(404, 'text/plain; charset=utf-8', NOTHING)
  const { method } = call
  const isRead = method === 'GET' || method === 'HEAD'
  const reply = toReply(isRead || method === 'OPTIONS' ? 200 : 405, HTML, isRead ? await toPage(call, subject) : '')
  reply.headers.push(['Content-Security-Policy', CSP], ['Cache-Control', 'no-store'])
  if (!isRead) reply.headers.push(['Allow', 'GET, HEAD, OPTIONS'])
  return reply
}

const HTML = 'text/html; charset=utf-8'
const CSP = "default-src 'none'; base-uri 'none'; form-action 'none'"
const NOTHING = `Nothing stands here. What this mock is stands on ${MOCK_PATH}.\n`

const toReply = (status: number, type: string, body: string): Reply => ({
  status,
  headers: [['Content-Type', type]],
  body,
})

async function toPage(call: Call, { world, release, fidelity, seed }: OverviewSubject): Promise<string> {
  const { version, behaviour } = release
  const { supported, documented } = await countOperations(version)
  const api = originOf(call) + behaviour.serverUrl.replace(/\/$/, '')
  const facts = [
    ['authentik-mock', manifest.version],
    ['release of authentik', version],
    ['fidelity', fidelity],
    ['seed', seed === undefined ? 'none: it was given a world' : String(seed)],
    ['its clock', new Date(world.clock.now()).toISOString()],
  ]
  const rows = world.resources.map(({ name }) => [name, String(world.tableNamed(name).size)])
  const sentences = deviationsOf(release).map(({ sentence }) => `<li>${toHtml(sentence)}</li>`)
  return page(
    'What runs here',
    `<h1>authentik-mock</h1>
<p>This is a mock of authentik's API, and no authentik.</p>
<h2>What runs here</h2>
${toTable(facts)}
<h2>Operations</h2>
<p>It supports ${supported} of the ${documented} operations of authentik ${escapeHtml(version)}. Any other is answered with 501.</p>
<ul>
<li><a href="/api/v3/schema/?format=json">the OpenAPI document of what it supports</a></li>
<li><a href="/api/v3/root/config/">its configuration</a>, which needs no token</li>
</ul>
<h2>A request</h2>
<pre>curl -H 'Authorization: Bearer TOKEN' '${escapeHtml(api)}/core/users/me/'</pre>
<p>TOKEN is the key of an API token. The command line prints one when it starts, and in a program <code>authentik.tokens()</code> has it, once <code>authentik.ready</code> has settled. This page shows none.</p>
<h2>Rows</h2>
${toTable(rows)}
<h2>Where servers of this release differ from its documentation</h2>
<p>${fidelity === 'observed' ? 'It answers as these servers do.' : 'It answers as the documentation says; with the fidelity <code>observed</code>, as these servers do.'}</p>
<ul>
${sentences.join('\n')}
</ul>`,
  )
}

const toTable = (rows: readonly (readonly string[])[]) =>
  `<table>\n${rows.map(([name = '', value = '']) => `<tr><th scope="row" align="left">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`).join('\n')}\n</table>`

/** A sentence, in which code stands between backticks. */
const toHtml = (sentence: string) => escapeHtml(sentence).replace(/`([^`]+)`/g, '<code>$1</code>')

/** The page at `/-/mock/`: what runs here, for whoever opens the mock in a browser; loaded when somebody does. It is plain HTML. */
import manifest from '../../package.json' with { type: 'json' }
import type { AuthentikRelease } from '../authentik/behaviour.ts'
import { deviationsOf } from '../authentik/deviations.ts'
import { MOCK_PATH } from '../authentik/pages.ts'
import { countOperations } from '../authentik/operations/documented.ts'
import { addressOf, baseOf, type Call, type Reply } from '../http/message.ts'
import type { World } from '../store/world.ts'
import type { Fidelity } from './options.ts'
import { STYLE_HASH, writeOverview } from './overview-page.ts'

/** What the page tells of a mock. */
export interface OverviewSubject {
  world: World
  release: AuthentikRelease
  fidelity: Fidelity
  /** Undefined when the mock was given a world. */
  seed: number | undefined
}

/** Answers on a decoded path: the page, the way to it where its slash is left out, or that nothing stands there. */
export async function answerOverview(call: Call, path: string, subject: OverviewSubject): Promise<Reply> {
  if (`${path}/` === MOCK_PATH) {
    const location = baseOf(call) + MOCK_PATH + (call.query && `?${call.query}`)
    return { status: 301, headers: [['Location', location]], body: '' }
  }
  if (path !== MOCK_PATH) return toReply(404, 'text/plain; charset=utf-8', nothing(call))
  const { method } = call
  const isRead = method === 'GET' || method === 'HEAD'
  const reply = toReply(isRead || method === 'OPTIONS' ? 200 : 405, HTML, isRead ? await toPage(call, subject) : '')
  reply.headers.push(['Content-Security-Policy', CSP], ['Cache-Control', 'no-store'])
  if (!isRead) reply.headers.push(['Allow', 'GET, HEAD, OPTIONS'])
  return reply
}

const HTML = 'text/html; charset=utf-8'
const CSP = `default-src 'none'; style-src '${STYLE_HASH}'; base-uri 'none'; form-action 'none'`
const nothing = (call: Call) => `Nothing stands here. See ${baseOf(call)}${MOCK_PATH}\n`

const toReply = (status: number, type: string, body: string): Reply => ({
  status,
  headers: [['Content-Type', type]],
  body,
})

async function toPage(call: Call, { world, release, fidelity, seed }: OverviewSubject): Promise<string> {
  const { version, behaviour } = release
  return writeOverview({
    mockVersion: manifest.version,
    version,
    fidelity,
    seed,
    now: world.clock.now(),
    rows: world.resources.map(({ name }) => [name, String(world.tableNamed(name).size)]),
    counts: await countOperations(version),
    base: baseOf(call),
    api: addressOf(call) + behaviour.serverUrl.replace(/\/$/, ''),
    deviations: deviationsOf(release).map(({ id }) => id),
  })
}

/** Measures the mock under load, beside bare `node:http` that sends the same, and beside other servers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ANY_TOKEN, ask, headersFor, here, start, stop, type Child } from './children.ts'
import { contest, type ContestLimits, type Contestant, type LoadReport } from './contest.ts'
import { writeRequest } from './load-client.ts'
import { startPeers } from './peers.ts'

/** The names of the rows that are held against what we want. */
export const ROWS = {
  bare: 'bare `node:http`',
  again: 'authentik-mock, again: one code',
  anew: 'authentik-mock, anew: 20,000 codes in turn',
  anewUncontrolled: 'the same, without a journal (`--control off`)',
  againGzip: 'authentik-mock, again, gzip',
  anewGzip: 'authentik-mock, anew, gzip',
  barePage: 'bare `node:http`, a page of 20',
  pages: 'authentik-mock, anew: 1,000 pages of 20 in turn',
  pagesGzip: 'authentik-mock, anew, pages of 20, gzip',
  bareAlone: 'bare `node:http`, one connection',
  anewAlone: 'authentik-mock, anew, one connection',
} as const

const CODES = 20_000
const CONNECTIONS = 20
const LIST = '/api/v3/oauth2/authorization_codes/?page_size=20'
const CODE_PATHS = Array.from({ length: CODES }, (_, index) => `/api/v3/oauth2/authorization_codes/${index + 1}/`)
const PAGE_PATHS = Array.from({ length: CODES / 20 }, (_, index) => `${LIST}&page=${index + 1}`)
/** Headers that Node writes itself, or that the server writes for each body. */
const WRITTEN_BY_NODE = new Set(['connection', 'date', 'keep-alive', 'content-length'])
/** What every `fetch` accepts. */
const GZIP = { 'accept-encoding': 'gzip, deflate, br' }

/** Measures each server. @param withPeers whether other mock servers are installed and measured too */
export async function measureLoad(limits: ContestLimits, withPeers: boolean): Promise<LoadReport> {
  const folder = mkdtempSync(join(tmpdir(), 'authentik-mock-bench-'))
  const children: Child[] = []
  const launch = async (...args: string[]) => {
    const child = await start(args, { tellsUsage: true })
    children.push(child)
    return child
  }
  try {
    const mockServer = await launch('dist/cli.js', 'serve', '--port', '0', '--json', '--codes', String(CODES))
    const files = await writeAnswers(mockServer, folder)
    const contestants = await enterOwn(mockServer, files, launch)
    const missing: string[] = []
    for (const { name, child } of withPeers ? await startPeers(folder, files.answer) : []) {
      if (!child) {
        missing.push(name)
        continue
      }
      children.push(child)
      const requests = tokensFor(child).map((token) => writeRequest(child.path, headersFor(token)))
      contestants.push({ name, child, requests, yardstick: ROWS.bare, connections: CONNECTIONS, isOptional: true })
    }
    const report = await contest(contestants, limits)
    return { loads: report.loads, missing: [...report.missing, ...missing] }
  } finally {
    await Promise.all(children.map(stop))
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Returns tokens for a server: many where any will do, because emulate allows each 5,000 requests an hour. */
function tokensFor({ token }: Child): string[] {
  return token === ANY_TOKEN ? Array.from({ length: 1000 }, (_, index) => `${token}-${index}`) : [token]
}

interface AnswerFiles {
  answer: string
  page: string
  headers: string
}

/** Writes down what the mock answers, for the servers that answer the same. */
async function writeAnswers(mockServer: Child, folder: string): Promise<AnswerFiles> {
  const files = { answer: 'answer.json', page: 'page.json', headers: 'headers.json' }
  const paths = Object.fromEntries(
    Object.entries(files).map(([key, name]) => [key, join(folder, name)]),
  ) as typeof files
  const answer = await ask(mockServer)
  writeFileSync(paths.answer, answer.body)
  writeFileSync(paths.page, (await ask({ ...mockServer, path: LIST })).body)
  const headers = Object.entries(answer.headers).filter(([name]) => !WRITTEN_BY_NODE.has(name))
  writeFileSync(paths.headers, JSON.stringify(Object.fromEntries(headers)))
  return paths
}

/** Starts the bare servers, and enters them and the mock. */
async function enterOwn(
  mockServer: Child,
  { answer, page, headers }: AnswerFiles,
  launch: (...args: string[]) => Promise<Child>,
): Promise<Contestant[]> {
  const server = here('servers/bare.ts')
  const bare = await launch(server, answer)
  const barePage = await launch(server, page)
  const serve = ['dist/cli.js', 'serve', '--port', '0', '--json', '--codes', String(CODES)]
  const uncontrolled = await launch(...serve, '--control', 'off')
  const write = (paths: readonly string[], extraHeaders: Record<string, string> = {}) =>
    paths.map((path) => writeRequest(path, { ...headersFor(mockServer.token), ...extraHeaders }))
  const [retrieve, list] = [CODE_PATHS.slice(0, 1), PAGE_PATHS.slice(0, 1)]
  const enter = (
    name: string,
    child: Child,
    requests: readonly string[],
    yardstick: string = ROWS.bare,
    connections = CONNECTIONS,
  ) => ({ name, child, requests, yardstick, connections, isOptional: false })
  return [
    enter(ROWS.bare, bare, write(retrieve)),
    enter("bare with the mock's headers", await launch(server, answer, headers), write(retrieve)),
    enter('bare that answers in batches', await launch(server, answer, '', 'batch'), write(retrieve)),
    enter('bare that compresses each answer', await launch(server, answer, '', 'gzip'), write(retrieve, GZIP)),
    enter(ROWS.again, mockServer, write(retrieve)),
    enter(ROWS.anew, mockServer, write(CODE_PATHS)),
    enter(ROWS.anewUncontrolled, uncontrolled, write(CODE_PATHS)),
    enter(ROWS.againGzip, mockServer, write(retrieve, GZIP)),
    enter(ROWS.anewGzip, mockServer, write(CODE_PATHS, GZIP)),
    enter(ROWS.barePage, barePage, write(list), ROWS.barePage),
    enter('bare that compresses each page', await launch(server, page, '', 'gzip'), write(list, GZIP), ROWS.barePage),
    enter(ROWS.pages, mockServer, write(PAGE_PATHS), ROWS.barePage),
    enter(ROWS.pagesGzip, mockServer, write(PAGE_PATHS, GZIP), ROWS.barePage),
    enter(ROWS.bareAlone, bare, write(retrieve), ROWS.bareAlone, 1),
    enter(ROWS.anewAlone, mockServer, write(CODE_PATHS), ROWS.bareAlone, 1),
  ]
}

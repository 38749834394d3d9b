/** Measures a whole login, from the authorization to the answer about the user, beside other servers that sign by RS256. */
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { here, start, stop, usageOf, type Child } from './children.ts'
import type { ContestLimits } from './contest.ts'
import { install, startCli, VERSIONS } from './peers.ts'
import { median } from './statistics.ts'

/** What a login cost at a server: medians of the rounds. */
export interface Login {
  name: string
  /** The CPU time of the server's whole process for a login, in microseconds. */
  cpu: number
  /** The CPU time over that of bare signing, of the same round. */
  ofSigning: number
  /** The CPU time over that of authentik-mock, of the same round. */
  ofMock: number
  perSecond: number
  /** The rate over that of authentik-mock, of the same round. */
  rateOfMock: number
}

/** The names of the rows that are held against what we want. */
export const LOGINS = {
  signing: 'two signatures behind bare `node:http`',
  mock: 'authentik-mock, `--login auto`',
  mockServer: `oauth2-mock-server ${VERSIONS['oauth2-mock-server']}`,
  provider: `oidc-provider ${VERSIONS['oidc-provider']}`,
} as const

/** A server, and one login at it. */
interface Contestant {
  name: string
  child: Child
  logIn(): Promise<void>
}

const REDIRECT_URI = 'http://localhost:8080/callback'
/** How many logins go on at a time. */
const CONCURRENCY = 8
/** The fewest logins of a turn. */
const MINIMUM = 40
const WARM_UP = 400

/** Measures each server, in turn. */
export async function measureLogin({ rounds, seconds }: ContestLimits): Promise<Login[]> {
  const folder = mkdtempSync(join(tmpdir(), 'authentik-mock-login-'))
  const contestants: Contestant[] = []
  try {
    contestants.push(...(await enterAll(folder)))
    return await compare(contestants, { rounds, seconds })
  } finally {
    await Promise.all(contestants.map(({ child }) => stop(child)))
    rmSync(folder, { recursive: true, force: true })
  }
}

async function enterAll(folder: string): Promise<Contestant[]> {
  const usage = { tellsUsage: true }
  const signing = await start([here('servers/signing.ts')], usage)
  const mock = await start(['dist/cli.js', 'serve', '--port', '0', '--json', '--login', 'auto'], usage)
  const logins = (mock as Child & { login: ({ issuer: string; alg: string } & Client)[] }).login
  const client = logins.find(({ alg }) => alg === 'RS256')
  if (!client) throw new Error('Failed to measure a login: no provider signs by RS256.')
  const contestants = [
    { name: LOGINS.signing, child: signing, logIn: () => sign(signing) },
    { name: LOGINS.mock, child: mock, logIn: await toLogIn(client.issuer, client) },
  ]
  const manifest = install(folder, ['oauth2-mock-server', 'oidc-provider'])
  if (manifest === undefined) return contestants
  const mockServer = await startCli(manifest, 'oauth2-mock-server', '/jwks', (port) => ['-a', '127.0.0.1', '-p', port])
  const provider = await start([here('servers/oidc-provider.ts'), manifest], usage)
  const own = { client_id: 'client', client_secret: 'secret' }
  return [
    ...contestants,
    { name: LOGINS.mockServer, child: mockServer, logIn: await toLogIn(`${mockServer.url}/`, own) },
    { name: LOGINS.provider, child: provider, logIn: await toLogIn(`${provider.url}/`, own) },
  ]
}

interface Turn {
  cpu: number
  perSecond: number
}

async function compare(contestants: readonly Contestant[], { rounds, seconds }: ContestLimits): Promise<Login[]> {
  const turns = new Map<string, Turn[]>(contestants.map(({ name }) => [name, []]))
  for (const contestant of contestants) await press(contestant, 0, WARM_UP)
  for (let round = 0; round < rounds; round++)
    for (const contestant of round % 2 ? contestants.toReversed() : contestants)
      turns.get(contestant.name)?.push(await press(contestant, seconds * 1000, MINIMUM))
  const ratioOf = (name: string, other: string, key: keyof Turn) =>
    median((turns.get(name) ?? []).map((turn, round) => turn[key] / (turns.get(other)?.[round]?.[key] ?? NaN)))
  return contestants.map(({ name }) => ({
    name,
    cpu: median((turns.get(name) ?? []).map(({ cpu }) => cpu)),
    ofSigning: ratioOf(name, LOGINS.signing, 'cpu'),
    ofMock: ratioOf(name, LOGINS.mock, 'cpu'),
    perSecond: median((turns.get(name) ?? []).map(({ perSecond }) => perSecond)),
    rateOfMock: ratioOf(name, LOGINS.mock, 'perSecond'),
  }))
}

/** Has users log in for a time, and so many at least. */
async function press({ child, logIn }: Contestant, milliseconds: number, minimum: number): Promise<Turn> {
  const usage = await usageOf(child)
  const startTime = performance.now()
  let [begun, count] = [0, 0]
  const goOn = async () => {
    while (begun < minimum || performance.now() - startTime < milliseconds) {
      begun++
      await logIn()
      count++
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, goOn))
  const duration = (performance.now() - startTime) / 1000
  return { cpu: ((await usageOf(child)).cpu - usage.cpu) / count, perSecond: count / duration }
}

// ---- a login

interface Client {
  client_id: string
  client_secret: string
}

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

const agent = new Agent({ keepAlive: true })

function send(url: URL, headers: Record<string, string> = {}, form?: URLSearchParams): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const method = form ? 'POST' : 'GET'
    const type = form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}
    request(url, { agent, method, headers: { ...headers, ...type } }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (body += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
      .on('error', reject)
      .end(form && String(form))
  })
}

async function sign({ url }: Child): Promise<void> {
  await send(new URL(url))
}

/** Reads where the endpoints are. @returns what logs somebody in, in a new browser each time */
async function toLogIn(issuer: string, { client_id, client_secret }: Client): Promise<() => Promise<void>> {
  const { body } = await send(new URL('.well-known/openid-configuration', issuer))
  const endpoints = JSON.parse(body) as Record<string, string>
  const endpointOf = (name: string) => new URL(endpoints[`${name}_endpoint`]!)
  const [authorization, token, userinfo] = ['authorization', 'token', 'userinfo'].map(endpointOf) as [URL, URL, URL]
  const parameters = { client_id, redirect_uri: REDIRECT_URI, response_type: 'code', scope: 'openid email profile' }
  authorization.search = String(new URLSearchParams(parameters))
  const basic = { authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` }
  return async () => {
    const code = await authorize(authorization)
    const form = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI })
    const { access_token, id_token } = readJson(await send(token, basic, form))
    if (!id_token) throw new Error(`Failed to measure a login at ${issuer}: it gives no ID token.`)
    const { sub } = readJson(await send(userinfo, { authorization: `Bearer ${access_token}` }))
    if (!sub) throw new Error(`Failed to measure a login at ${issuer}: it does not say who logged in.`)
  }
}

/** Follows where a server leads until it is the client. */
async function authorize(address: URL): Promise<string> {
  const cookies = new Map<string, string>()
  for (let url = address; ;) {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const { status, headers, body } = await send(url, cookie ? { cookie } : {})
    if (headers.location === undefined) throw new Error(`Failed to measure a login at ${url}: ${status} ${body}`)
    for (const line of headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    url = new URL(headers.location, url)
    const code = url.href.startsWith(REDIRECT_URI) ? url.searchParams.get('code') : undefined
    if (code) return code
  }
}

function readJson({ status, body }: Answer): Record<string, string> {
  if (status !== 200) throw new Error(`Failed to measure a login: ${status} ${body}`)
  return JSON.parse(body) as Record<string, string>
}

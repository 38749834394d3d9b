/** A path before everything: what stands below it is what stands below `/`, and every address in it is below it too. */
import { setupServer } from 'msw/node'
import { describe, expect, it } from 'vitest'
import { handlers } from '../../src/entries/msw.ts'
import { serve } from '../../src/http/node/server.ts'
import { mock } from '../../src/mock/mock.ts'
import { clientOf, readyMock, type Answer } from '../support/client.ts'
import { triedReleases } from '../support/tier.ts'
import { verify } from '../contract/verify/support.ts'

const OPTIONS = { token: 'key', now: '2026-01-01T00:00:00Z' }
const PAGES = ['/', '/-/health/live/', '/-/metrics/', '/-/mock/', '/-/mock/nothing', '/api/v3/', '/nowhere/']
const PATHS = [
  ...PAGES,
  '/api/v3/managed/blueprints/',
  '/api/v3/core/users/me',
  '/api/v3/core/users/?search=akadmin',
  '/api/v3/core/users/paths/',
]
/** What an address begins with that is not below the base path. */
const OUTSIDE = /(?<![\w/])(http:\/\/authentik\.test)?\/(api|static|media|flows|application|if|-)\/.*?(?=["'\s<]|$)/g

/** The paths of all operations that read, each with a row that is there. */
const pathsOf = (authentik: ReturnType<typeof mock>) =>
  authentik.operations
    .filter(({ method }) => method === 'GET')
    // In YAML the document takes as long to write as all other answers do.
    .map(({ view: { path } }) => (path === '/schema/' ? `${path}?format=json` : path))
    .map((path) => `/api/v3${path.replace(/\{\w+\}/g, (name) => keyFor(authentik, path, name))}`)

function keyFor({ world }: ReturnType<typeof mock>, path: string, name: string): string {
  const [flow] = world.flows.values()
  const [application] = world.applications.values()
  const [certificate] = world.certificates.values()
  const [group] = world.groups.values()
  const [token] = world.api_tokens.values()
  if (path.startsWith('/core/applications/')) return String(application?.slug)
  if (path.startsWith('/flows/')) return String(flow?.slug)
  if (path.startsWith('/crypto/')) return String(certificate?.pk)
  if (path.startsWith('/core/groups/')) return String(group?.pk)
  if (path.startsWith('/core/tokens/')) return String(token?.identifier)
  return name.includes('uuid') ? String(group?.pk) : '1'
}

/** An answer but for what differs between any two. */
const toText = ({ status, headers, text }: Answer) =>
  JSON.stringify([status, [...headers].filter(([name]) => !UNLIKE.has(name)), text])
const UNLIKE = new Set(['content-length', 'x-authentik-id'])

describe('below a base path', () => {
  it.each(triedReleases())('%s answers what it answers below /, and every address is below it', async (release) => {
    const plain = await readyMock({ ...OPTIONS, release })
    const based = await readyMock({ ...OPTIONS, release, basePath: '/company/auth/' })
    const paths = [...PATHS, ...pathsOf(plain)]
    const [expected, answers] = await Promise.all(
      [clientOf(plain, { token: 'key', prefix: '' }), clientOf(based, { token: 'key', prefix: '/company/auth' })].map(
        (client) => Promise.all(paths.map(async (path) => `${path} ${toText(await client.get(path))}`)),
      ),
    )
    expect(answers?.map((text) => text.replaceAll('/company/auth', ''))).toEqual(expected)
    // The server that the document names is fixed in authentik's own settings.
    const listed = answers?.filter((text) => !text.startsWith('/api/v3/schema/')) ?? []
    expect(listed.flatMap((text) => text.replace(/^\S+ /, '').match(OUTSIDE) ?? [])).toEqual([])
    expect(listed.length).toBeGreaterThan(40)
  })

  it.each([
    ['/auth/', '/auth/'],
    ['/auth', '/auth/'],
    ['auth/', '/auth/'],
    ['/a/b.c/~d/', '/a/b.c/~d/'],
    ['/', '/'],
    ['', '/'],
  ])('%j may be written: it is %s', async (basePath, read) => {
    expect(mock({ basePath }).basePath).toBe(read)
  })

  it.each(['https://authentik.company/auth/', '/a//b/', '/../', '/./', '/a b/', '/ü/', '/a?b/', '/a%20b/', null, 1])(
    'cannot be %j, and the error says what to give',
    (basePath) => {
      expect(() => mock({ basePath: basePath as string })).toThrow(
        /^Failed to make a mock: basePath is .*\. Give a path such as \/auth\/\.$/,
      )
    },
  )

  it.each([{ front: true }, { front: false }])(
    'nothing stands beside it, with $front, and the log says so',
    async (front) => {
      const log: string[] = []
      const client = clientOf(mock({ ...OPTIONS, ...front, basePath: '/auth/', log: (line) => log.push(line) }), {
        token: 'key',
        prefix: '',
        origin: 'http://authentik.test',
      })
      const paths = ['/api/v3/core/users/', '/auth', '/authentik/api/v3/core/users/', '/-/health/live/']
      const answers = await Promise.all(paths.map((path) => client.get(path)))
      expect(answers.map(({ status, text }) => [status, text])).toEqual(paths.map(() => [404, '404 page not found\n']))
      expect(log[0]).toBe('GET /api/v3/core/users/ is not below /auth/, where everything is')
      expect(log).toHaveLength(4)
    },
  )

  it('the start page of the host leads to it, and that to the login, which leads back', async () => {
    const { fetch } = mock({ basePath: '/auth/' })
    const locationOf = async (path: string) =>
      (await fetch(`http://authentik.test${path}`, { redirect: 'manual' })).headers.get('Location')
    expect(await locationOf('/')).toBe('/auth/')
    expect(await locationOf('/auth/')).toBe('/auth/flows/-/default/authentication/?next=/auth/')
    expect(await locationOf('/auth//api/v3/root/config/')).toBe('/auth/api/v3/root/config/')
  })

  it('a path may be escaped', async () => {
    const client = clientOf(mock({ ...OPTIONS, basePath: '/auth/' }), { prefix: '/%61uth/api/v3' })
    expect((await client.get('/root/config/')).status).toBe(200)
  })

  it('MSW answers what is there, and leaves what is beside it', async () => {
    const authentik = await readyMock({ ...OPTIONS, basePath: '/auth/' })
    expect(['/auth/api/v3/root/config/', '/auth/', '/auth'].map((path) => authentik.emulates(path))).toEqual([
      true,
      true,
      false,
    ])
    const server = setupServer(...handlers(authentik))
    server.listen({ onUnhandledFrame: 'error' })
    const { status } = await fetch('http://authentik.test/auth/api/v3/root/config/')
    const outside = await fetch('http://authentik.test/api/v3/root/config/').catch(() => 'no answer')
    server.close()
    expect([status, outside]).toEqual([200, 'no answer'])
  })

  it('a server has it in its address, and verify takes it from there', async () => {
    const server = await serve(mock({ ...OPTIONS, basePath: '/auth/' }), { port: 0 })
    expect(server.url).toBe(`http://127.0.0.1:${server.port}/auth`)
    const { code, err } = await verify(['--provider-url', server.url], { AUTHENTIK_TOKEN: 'key' })
    await server.close()
    expect([code, err]).toEqual([0, ''])
  })
})

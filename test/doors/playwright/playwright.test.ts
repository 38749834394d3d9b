/** authentik-mock/playwright, as Playwright's own runner runs it. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { control } from '../../../src/entries/control.ts'
import { mock } from '../../../src/entries/index.ts'
import { serve } from '../../../src/entries/node.ts'
import { chromium } from '../../support/chromium.ts'
import { inRoot } from '../../support/files.ts'

/** Runs a browser in each of four workers. */
const PATIENCE = 600_000

/** What a test came to. */
interface Result {
  /** `expected`, `unexpected`, or `flaky` where it passed when it was tried again. */
  status: string
  error: string
  attachments: { name: string; contentType: string; text: string }[]
}

/** A part of Playwright's report in JSON. */
interface Suite {
  suites?: Suite[]
  specs: { title: string; tests: ReportedTest[] }[]
}

interface ReportedTest {
  status: string
  results: { errors: { message?: string }[]; attachments: { name: string; contentType: string; body?: string }[] }[]
}

/** A port that is free. */
async function findPort(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return String(port)
}

/** Runs the tests of a folder. @returns what each came to, by its title */
async function runTests(environment: Record<string, string>, ...filters: string[]): Promise<Map<string, Result>> {
  const folder = mkdtempSync(join(tmpdir(), 'authentik-mock-playwright-'))
  const report = join(folder, 'report.json')
  const node = `"${process.execPath}" --experimental-strip-types --disable-warning=ExperimentalWarning`
  const { NODE_OPTIONS: _, ...inherited } = process.env
  const env = {
    ...inherited,
    LAUNCH: JSON.stringify(await chromium()),
    APP_PORT: await findPort(),
    OUTPUT: join(folder, 'results'),
    COMMAND: `${node} "${inRoot('src/entries/cli.ts')}"`,
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    ...environment,
  }
  const config = inRoot('test/doors/playwright/project/playwright.config.ts')
  const args = [inRoot('node_modules/@playwright/test/cli.js'), 'test', '-c', config, '--reporter=json', ...filters]
  try {
    const output = await new Promise<string>((resolve) => {
      execFile(process.execPath, args, { env, maxBuffer: 2 ** 28 }, (_error, stdout, stderr) =>
        resolve(stdout + stderr),
      )
    })
    const { suites, errors } = JSON.parse(readFileSync(report, 'utf8')) as { suites: Suite[]; errors: unknown[] }
    if (errors.length > 0) throw new Error(`Failed to run Playwright: ${JSON.stringify(errors)}\n${output}`)
    return new Map(suites.flatMap(resultsOf))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const resultsOf = ({ suites = [], specs }: Suite): [string, Result][] => [
  ...specs.flatMap(({ title, tests }) => tests.map((test): [string, Result] => [title, toResult(test)])),
  ...suites.flatMap(resultsOf),
]

function toResult({ status, results }: ReportedTest): Result {
  const errors = results.flatMap((result) => result.errors.map(({ message = '' }) => message))
  const attachments = (results.at(-1)?.attachments ?? []).map(({ name, contentType, body = '' }) => ({
    name,
    contentType,
    text: Buffer.from(body, 'base64').toString(),
  }))
  return {
    status,
    error: errors.join('\n'),
    attachments: attachments.filter(({ name }) => name.startsWith('authentik')),
  }
}

describe('a run of four workers, with one server', () => {
  let results: Map<string, Result>
  beforeAll(async () => {
    results = await runTests({ MOCK_PORT: await findPort() })
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
        'a connection that a scenario resets is a network error',
        'nobody enters anything',
        'only the paths of authentik are answered',
      ]),
    ).toEqual([])
  })
})

describe('a test that fails', () => {
  const authentik = control(mock(), { token: 'control-token' })
  let results: Map<string, Result>
  let close: () => Promise<void>
  beforeAll(async () => {
    const server = await serve(authentik, { port: 0 })
    ;({ close } = server)
    const token = { AUTHENTIK_MOCK_URL: server.url, AUTHENTIK_MOCK_CONTROL_TOKEN: 'control-token' }
    results = await runTests({ TESTS: '../failing', ...token })
  }, PATIENCE)
  afterAll(() => close())

  it('has the journal of its namespace in the report, in JSON and to be read, with secrets masked', () => {
    const { status, error, attachments } = results.get('fails after it asked')!
    expect(status).toBe('unexpected')
    expect(attachments.map(({ name, contentType }) => [name, contentType])).toEqual([
      ['authentik-mock journal', 'application/json'],
      ['authentik-mock journal, to read', 'text/plain'],
    ])
    const [entries = '', text = ''] = attachments.map((attachment) => attachment.text)
    expect(JSON.parse(entries)).toMatchObject([
      { operationId: 'core_users_me_retrieve', user: 'akadmin', response: { status: 200 } },
      { request: { path: '/application/o/token/' }, response: { status: 400 } },
    ])
    expect(text).toMatch(
      /^ +1 .* 200 {2}GET \/api\/v3\/core\/users\/me\/\?name=a {2}\(by akadmin, core_users_me_retrieve\)$/m,
    )
    expect(text).toMatch(/^ +2 .* 400 {2}POST \/application\/o\/token\/$/m)
    const [, key = ''] = /the key (\w{40,})/.exec(error) ?? []
    expect(key).not.toBe('')
    for (const secret of [key, 'c0de'.repeat(8)]) expect(entries + text).not.toContain(secret)
  })

  it('says so where nobody asked anything', () => {
    const [, readable] = results.get('fails before it asked')!.attachments
    expect(readable?.text).toBe('Nobody asked the mock anything in this test.\n')
  })

  it('is the only one with a journal', () => {
    expect(results.get('passes after it asked')).toEqual({ status: 'expected', error: '', attachments: [] })
  })

  it('leaves no namespace behind', () => {
    expect(authentik.namespaces()).toEqual([])
    expect(authentik.journal.count({ path: '/api/v3/*' })).toBe(0)
  })

  it.each([
    ['of no such name', 'there is no authentikMode "socket". Give header, path, route.'],
    ['that is none', 'authentikOrigin "localhost:9000" is no origin. Give one such as http://localhost:9000.'],
    ['with a slash', 'authentikNamespace is "a/b". Give 1 to 24 letters, digits, and signs of _-.'],
    ['that no server takes', 'log is a function, which no server can be given. Give it with authentikMode: "route".'],
    ['that is not known', 'Failed to find the release "1.0"'],
    ['that is not there', 'nobody answers (ECONNREFUSED). Start authentik-mock serve there'],
    ['that is wrong', 'the token is refused. Give that of the server as authentikControlToken'],
  ])('for an option %s says what to do', (title, message) => {
    expect(results.get(title)).toMatchObject({ status: 'unexpected', error: expect.stringContaining(message) })
  })
})

it(
  'where no server is named, each worker starts one',
  async () => {
    const results = await runTests({ TESTS: '../failing', AUTHENTIK_MOCK_URL: '' }, '-g', 'after it asked')
    expect(results.get('passes after it asked')?.status).toBe('expected')
    expect(results.get('fails after it asked')?.error).toContain('the key')
  },
  PATIENCE,
)

/** authentik-mock/playwright, as Playwright's own runner runs it: what fails, and its report. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { control } from '../../../src/entries/control.ts'
import { mock } from '../../../src/entries/index.ts'
import { serve } from '../../../src/entries/node.ts'
import { PATIENCE, runTests, type Result } from './support.ts'

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

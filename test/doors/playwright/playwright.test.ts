/** authentik-mock/playwright, as Playwright's own runner runs it: what fails, and its report. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
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
    const application = createServer((_request, response) => response.end('<!doctype html>'))
    await once(application.listen(0, '127.0.0.1'), 'listening')
    const { port } = application.address() as AddressInfo
    close = async () => {
      application.close()
      await server.close()
    }
    const token = {
      PAGE_PORT: String(port),
      AUTHENTIK_MOCK_URL: server.url,
      AUTHENTIK_MOCK_CONTROL_TOKEN: 'control-token',
    }
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
    expect(text.slice(0, 300)).toContain('/application/o/token/')
    const [, key = ''] = /the key (\w{40,})/.exec(error) ?? []
    expect(key).not.toBe('')
    for (const secret of [key, 'c0de'.repeat(8)]) expect(entries + text).not.toContain(secret)
  })

  it.each([
    [
      'fails before it asked',
      /^Nobody asked the mock anything in this test\. It is at http:\/\/[\w.]+:\d+, by the header X-Authentik-Mock-Namespace: [\w.]+; did the application ask another address\? Without the header the server was asked once meanwhile\.\n$/,
    ],
    ['at its path', /It is at \S+\/-\/mock\/ns\/[\w.]+, and has the issuer \S+; did the application ask/],
    ['by its routes', /Playwright's routes lead https:\/\/authentik\.company to it; did the application ask/],
  ])('has in its report where the mock is, if nobody asked it: %s', (title, message) => {
    const [, readable] = results.get(title)!.attachments
    expect(readable?.text).toMatch(message)
  })

  it('is the only one with a journal', () => {
    expect(results.get('passes after it asked')).toEqual({ status: 'expected', error: '', attachments: [] })
  })

  it('leaves no namespace behind', () => {
    expect(authentik.namespaces()).toEqual([])
    // That of the test which asks without the header.
    expect(authentik.journal.count({ path: '/api/v3/*' })).toBe(1)
  })

  it.each([
    ['of no such name', 'there is no authentikMode "socket". Give header, path, route.'],
    ['that is none', 'authentikOrigin "localhost:9000" is no origin. Give one such as http://localhost:9000.'],
    ['with a slash', 'authentikNamespace is "a/b". Give 1 to 24 letters, digits, and signs of _-.'],
    ['that no server takes', 'log is a function, which no server can be given. Give it with authentikMode: "route".'],
    ['that is not known', 'Failed to find the release "1.0"'],
    ['that is not there', 'nobody answers (ECONNREFUSED). Start authentik-mock serve there'],
    ['that is no mock', 'the answer is 200, and none of the control API. Give the address of authentik-mock serve'],
    ['that differ from the first', 'the namespace "together" was made by another test with other authentikOptions.'],
    ['a snapshot of no such id', 'There is no snapshot "nine". Give an id that authentik.snapshot() returned.'],
    ['a user without a page', '"akadmin" is no page and no context. Give one first: loginAs(page, \'akadmin\').'],
    ['a user who is inactive', 'the user "akadmin" is inactive, and authentik shows them the login. Make them active'],
    ['a context with headers of its own', 'Lead it first, with the headers that it has: await authentik.lead(context'],
    ['that is wrong', 'the token is refused. Give that of the server as authentikControlToken'],
  ])('for an option %s says what to do', (title, message) => {
    expect(results.get(title)).toMatchObject({ status: 'unexpected', error: expect.stringContaining(message) })
  })

  it('names the user who is nearest, and says once that it failed', () => {
    const { error } = results.get('a user of no such name')!
    expect(error).toContain('there is no user "akadmn"; there are akadmin, ')
    expect(error).toContain('; the nearest is akadmin.')
    expect(error.match(/Failed to control the mock/g)).toHaveLength(1)
  })

  it.each(['are those of the first', 'is an origin', 'headers that a test sets stay beside that of the namespace'])(
    'differs from one that does what can be done: %s',
    (title) => expect(results.get(title)).toMatchObject({ status: 'expected', error: '' }),
  )
})

it(
  'where no server is named, each worker starts one',
  async () => {
    const results = await runTests({ TESTS: '../failing', AUTHENTIK_MOCK_URL: '' }, '-g', 'after it asked|worker')
    expect(results.get('a page of baseURL reads a server of the worker')).toMatchObject({
      status: 'expected',
      error: '',
    })
    expect(results.get('passes after it asked')?.status).toBe('expected')
    expect(results.get('fails after it asked')?.error).toContain('the key')
  },
  PATIENCE,
)

/** The page at /-/mock/ tells what runs, and gives nothing away. */
import { createHash } from 'node:crypto'
import { setupServer } from 'msw/node'
import { describe, expect, it } from 'vitest'
import { mock } from '../../src/entries/index.ts'
import { handlers } from '../../src/entries/msw.ts'
import { serve } from '../../src/http/node/server.ts'
import { clientOf, readyMock, rowsOf, worldOf } from '../support/client.ts'
import { readJson } from '../support/files.ts'
import { recordedWorld } from '../support/recordings.ts'

const PATH = '/-/mock/'
const read = async (options: Parameters<typeof mock>[0] = {}) =>
  (await clientOf(await readyMock(options), { prefix: '' }).get(PATH)).text

describe('the page of a mock', () => {
  it('says which package, release, fidelity and seed run, and what time it is there', async () => {
    const text = await read({ release: '2025.12.4', fidelity: 'observed', seed: 42, now: '2030-01-02T03:04:05Z' })
    const { version } = readJson('package.json')
    for (const fact of [version, '2025.12.4', 'observed', '42', '2030-01-02T03:04:05.000Z'])
      expect(text).toContain(`<td>${fact}</td>`)
    expect(await read({ world: recordedWorld })).toContain('<td>none: it was given a world</td>')
  })

  it('counts the rows that are there now', async () => {
    const authentik = await readyMock({ codes: 7 })
    const client = clientOf(authentik, { prefix: '' })
    const cell = (count: number) => `>authorization_codes</th><td>${count}</td>`
    expect((await client.get(PATH)).text).toContain(cell(7))
    await rowsOf(authentik, 'authorization_codes').delete(1)
    expect((await client.get(PATH)).text).toContain(cell(6))
  })

  it('counts the operations of its release, and links the document and the configuration', async () => {
    const authentik = await readyMock()
    const { text } = await clientOf(authentik, { prefix: '' }).get(PATH)
    // The executor of flows is the login's, and no operation of a view.
    const count = authentik.operations.length + 2
    expect(text).toContain(`It supports ${count} of the 875 operations of authentik 2024.8.3.`)
    const links = [...text.matchAll(/href="([^"]+)"/g)].map(([, link = '']) => link)
    expect(links).toEqual(['/api/v3/schema/?format=json', '/api/v3/root/config/'])
    for (const link of links) expect((await clientOf(authentik, { prefix: '' }).get(link)).status).toBe(200)
  })

  it('says in words where servers differ from the documentation', async () => {
    expect(await read()).toContain('The <code>provider_obj</code> of an application without a provider is null')
  })

  it('has a curl line with a placeholder, and no key of any token', async () => {
    const authentik = await readyMock({ token: 'my-token' })
    const { text } = await clientOf(authentik, { prefix: '', origin: 'http://127.0.0.1:9000' }).get(PATH)
    expect(text).toContain("curl -H 'Authorization: Bearer TOKEN' 'http://127.0.0.1:9000/api/v3/core/users/me/'")
    const { api_tokens, access_tokens, refresh_tokens, secret_key } = worldOf(authentik)
    const secrets = [
      secret_key,
      ...api_tokens.map(({ key }) => key),
      ...[...access_tokens, ...refresh_tokens].map(({ token }) => token),
    ].filter(Boolean)
    expect(secrets.length).toBeGreaterThan(5)
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
  })

  it('shows nothing of a world, whose names may be hostile, and escapes the host that it was asked by', async () => {
    const authentik = await readyMock()
    await rowsOf(authentik, 'users').update(2, { username: '<b>mallory</b>', name: '<b>mallory</b>' })
    const { body } = await authentik.answer({
      method: 'GET',
      path: PATH,
      query: '',
      header: (name) => (name === 'host' ? `"><script>alert('1')</script>` : undefined),
      body: async () => '',
    })
    const [, style = '', ...further] = String(body).split(/<style>|<\/style>/)
    expect(style).toBe('th{text-align:left}')
    expect(further.join('')).not.toMatch(/mallory|<script|<style|<img|<link|src=| on\w+=/)
    expect(body).toContain('&#60;script&#62;')
  })

  it('may load nothing, is styled by what stands in it alone, and is kept by no cache', async () => {
    const client = clientOf(await readyMock(), { prefix: '' })
    await client.get(PATH)
    const { headers, text } = await client.get(PATH)
    const [, style = ''] = /<style>(.*)<\/style><\/head>/.exec(text) ?? []
    const hash = createHash('sha256').update(style).digest('base64')
    expect(headers.get('Content-Security-Policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    )
    expect(headers.get('Cache-Control')).toBe('no-store')
    expect(headers.get('Content-Type')).toBe('text/html; charset=utf-8')
  })

  it('answers HEAD and OPTIONS without a body, and no other method', async () => {
    const client = clientOf(await readyMock(), { prefix: '' })
    const { text } = await client.get(PATH)
    const head = await client.head(PATH)
    expect([head.status, head.text]).toEqual([200, ''])
    expect(Math.abs(Number(head.headers.get('Content-Length')) - text.length)).toBeLessThan(100)
    for (const [method, status] of [['OPTIONS', 200] as const, ['POST', 405] as const, ['DELETE', 405] as const]) {
      const answer = await client.send(method, PATH)
      expect([answer.status, answer.text, answer.headers.get('Allow')]).toEqual([status, '', 'GET, HEAD, OPTIONS'])
    }
  })

  it.each(['/-/mock/nope', '/-/mock/nope/deeper/', '/-/mock/%3Cscript%3E/'])(
    'has nothing below it: %s is 404 in plain text',
    async (path) => {
      const { status, headers, text } = await clientOf(await readyMock(), { prefix: '' }).get(path)
      expect([status, headers.get('Content-Type'), text]).toEqual([
        404,
        'text/plain; charset=utf-8',
        'Nothing stands here. See /-/mock/\n',
      ])
    },
  )

  it('is linked by the page of an unknown path and by the API browser, and / stays as authentik answers it', async () => {
    const client = clientOf(await readyMock(), { prefix: '' })
    for (const path of ['/nope/', '/api/v3/nope/', '/-/mocks/', '/api/v3/'])
      expect((await client.get(path)).text).toContain('<a href="/-/mock/">')
    expect((await client.get('/')).headers.get('Location')).toBe('/flows/-/default/authentication/?next=/')
  })

  it('is where its path without the slash leads, with the query and the base path of whoever asks', async () => {
    for (const [basePath, path] of [
      ['', '/-/mock'],
      ['/auth', '/auth/-/mock?token=a'],
    ] as const) {
      const authentik = await readyMock({ basePath })
      const { status, headers } = await authentik.fetch(path, { redirect: 'manual' })
      expect([status, headers.get('Location')]).toEqual([301, path.replace('mock', 'mock/')])
    }
  })

  it('is named by a path that is like its own, and has nothing that HTML has given up', async () => {
    const { text } = await clientOf(await readyMock(), { prefix: '' }).get('/-/moc/')
    expect(text).toContain('Nearest: /-/mock/')
    expect(await read()).not.toMatch(/ (align|border|bgcolor|width|cellpadding)=|<(center|font|tt)\b/)
  })

  it('is there over every transport', async () => {
    const authentik = await readyMock({ now: '2030-01-01T00:00:00Z' })
    expect(['/-/mock/', '/-/mock/nope', '/-/mock'].map((path) => authentik.emulates(path))).toEqual([true, true, true])
    const server = await serve(authentik, { port: 0 })
    const worker = setupServer(...handlers(authentik))
    const inProcess = await (await authentik.fetch(server.url + PATH)).text()
    expect(await (await fetch(server.url + PATH)).text()).toBe(inProcess)
    worker.listen({ onUnhandledFrame: 'error' })
    expect(await (await fetch(server.url + PATH)).text()).toBe(inProcess)
    worker.close()
    await server.close()
  })
})

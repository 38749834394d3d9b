/** The shell of the page at /-/mock/: who gets it, what it may load, and how it gets into the package. */
import { globSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import { describe, expect, it } from 'vitest'
import { answerInspector, INSPECTOR_POLICY } from '../../src/control/inspector.ts'
import type { Call } from '../../src/http/message.ts'
import { buildInspector, inspector } from '../../tools/build/inspector.ts'
import { licences } from '../../tools/build/licences.ts'
import { inRoot, readText, root } from '../support/files.ts'

const callOf = (changes: Partial<Call> = {}): Call => ({
  method: 'GET',
  path: '/-/mock/',
  query: '',
  header: () => 'localhost',
  body: async () => '',
  ...changes,
})
const allowed = { isAllowed: true }
const forbidden = { isAllowed: false }

describe('the page at /-/mock/', () => {
  it('is a shell with one script and one style sheet, and no script of its own', async () => {
    const { status, body } = await answerInspector(callOf(), '/-/mock/', allowed)
    expect(status).toBe(200)
    expect(body.match(/(?:src|href)="[^"]+"/g)).toEqual([
      'href="data:,"',
      'href="/-/mock/page/style.css"',
      'src="/-/mock/page/script.js"',
      'href="/-/mock/api/schema/"',
    ])
    expect(body).not.toMatch(/<script[^>]*>[^<]|<style|style=|onload|onclick/)
    expect(body).toContain('<noscript>')
  })

  it('loads them below the base path, and below that of a namespace', async () => {
    const { body } = await answerInspector(callOf({ base: '/auth/-/mock/ns/ci' }), '/-/mock/', allowed)
    expect(body).toContain('src="/auth/-/mock/ns/ci/-/mock/page/script.js"')
    const { body: hostile } = await answerInspector(callOf({ base: '/"><script>' }), '/-/mock/', allowed)
    expect(hostile).not.toContain('"><script>')
  })

  it.each(['', 'page/script.js', 'page/style.css', 'nothing'])(
    'answers on %j with a policy that lets nothing in from elsewhere, and is kept nowhere',
    async (path) => {
      const { headers } = await answerInspector(callOf(), `/-/mock/${path}`, allowed)
      expect(Object.fromEntries(headers)).toMatchObject({
        'Content-Security-Policy': INSPECTOR_POLICY,
        'Cache-Control': 'no-store',
        'X-Content-Type-Options': 'nosniff',
      })
    },
  )

  it('is a form that asks for the token where the request has none, which works without a script', async () => {
    const { status, body, headers } = await answerInspector(callOf(), '/-/mock/', forbidden)
    expect(status).toBe(401)
    expect(Object.fromEntries(headers)['WWW-Authenticate']).toBe('Bearer realm="control"')
    expect(body).toContain('<form method="post" action="/-/mock/">')
    expect(body).toContain('name="token"')
    expect(body).not.toMatch(/<script|role="alert"/)
  })

  it('says beside the form what was wrong with the token, as text', async () => {
    const state = { isAllowed: false, fault: '<img src=x onerror=alert(1)>' }
    const { status, body } = await answerInspector(callOf({ method: 'POST' }), '/-/mock/', state)
    expect(status).toBe(401)
    expect(body).toContain('role="alert" id="fault">&#60;img src=x onerror=alert(1)&#62;</p>')
    expect(body).toContain('aria-describedby="fault"')
  })

  it('gives the script and the style sheet to everybody, and nothing else', async () => {
    const script = await answerInspector(callOf(), '/-/mock/page/script.js', forbidden)
    const style = await answerInspector(callOf(), '/-/mock/page/style.css', forbidden)
    const nothing = await answerInspector(callOf(), '/-/mock/page/other.js', forbidden)
    expect([script.status, style.status, nothing.status]).toEqual([200, 200, 404])
    expect([script, style, nothing].map(({ headers }) => headers[0]?.[1])).toEqual([
      'text/javascript; charset=utf-8',
      'text/css; charset=utf-8',
      'text/plain; charset=utf-8',
    ])
    expect(nothing.body).toBe('Nothing stands here. See /-/mock/\n')
  })

  it.each([
    ['PUT', '', 405],
    ['POST', '', 405],
    ['DELETE', 'page/script.js', 405],
    ['OPTIONS', '', 200],
    ['HEAD', '', 200],
  ])('is only read: %s on %j gets %i', async (method, path, status) => {
    const reply = await answerInspector(callOf({ method }), `/-/mock/${path}`, allowed)
    expect(reply.status).toBe(status)
    const isAnswered = method === 'HEAD'
    expect(Object.fromEntries(reply.headers)['Allow']).toBe(isAnswered ? undefined : 'GET, HEAD, OPTIONS')
  })
})

describe('what the page loads', () => {
  it('is at most 60 kB gzipped, and asks for nothing from elsewhere', async () => {
    const { script, style } = await buildInspector()
    const bytes = [script, style].map((text) => gzipSync(text, { level: 9 }).length)
    expect(bytes.reduce((sum, size) => sum + size)).toBeLessThan(60_000)
    expect(script.match(/\bimport\s*[({"'*]|\beval\(|new Function/g)).toBeNull()
    expect(style.match(/url\(|@import/g)).toBeNull()
    // Namespaces of XML.
    expect(new Set(script.match(/https?:\/\/[^"'`\s]+/g))).toEqual(
      new Set(['svg', 'Math/MathML', 'xhtml'].map((name) => expect.stringMatching(`^http://www.w3.org/\\d+/${name}$`))),
    )
  })

  it('writes whatever comes from elsewhere as text: no file of it makes HTML of a text', () => {
    const files = globSync('src/control/page/*', { cwd: root })
    expect(files.length).toBeGreaterThan(10)
    expect(files.filter((file) => /innerHTML|insertAdjacent|document\.write|srcdoc/i.test(readText(file)))).toEqual([])
  })

  it('is in the package as texts in a chunk of its own, with the licence of what they are made of', async () => {
    const bundle = await rolldown({ input: inRoot('src/control/inspector.ts'), plugins: [inspector, licences] })
    const { output } = await bundle.generate({ format: 'es' })
    await bundle.close()
    const chunks = output.filter((file) => file.type === 'chunk')
    const texted = chunks.filter(({ code }) => code.includes('prefers-color-scheme'))
    expect(texted.map(({ isEntry, name }) => [isEntry, name])).toEqual([[false, expect.stringContaining('inspector')]])
    expect(chunks.filter(({ code }) => code.includes('#inspector'))).toEqual([])
    const texts = output.find(({ fileName }) => fileName === 'THIRD-PARTY-LICENSES')
    expect(texts?.type === 'asset' && String(texts.source)).toMatch(/^preact \d+\.\d+\.\d+$/m)
  })
})

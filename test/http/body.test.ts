/** What the parts of an HTTP request say, before anything is made of it. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isUtf8 } from 'node:buffer'
import { covers, decodeText } from '../../src/http/body.ts'
import { readForm } from '../../src/http/form.ts'
import { cookieOf } from '../../src/http/cookies.ts'
import { onReply, pipeline, type Layer } from '../../src/http/layer.ts'
import type { Call, Reply } from '../../src/http/message.ts'
import { createRouter } from '../../src/http/router.ts'
import { anyText } from '../support/texts.ts'

const callWith = (headers: Record<string, string>, body = ''): Call => ({
  method: 'POST',
  path: '/',
  query: '',
  header: (name) => headers[name],
  body: async () => body,
})
const FORM = 'application/x-www-form-urlencoded'

describe('the body of a form', () => {
  it('has its fields by name, with spaces and signs decoded', async () => {
    const form = await readForm(callWith({ 'content-type': `${FORM}; charset=utf-8` }, 'code=a%2Bb&scope=openid+email'))
    expect([form.get('code'), form.get('scope')]).toEqual(['a+b', 'openid email'])
  })

  it.each([{}, { 'content-type': 'application/json' }])('has no fields when it is sent as %j', async (headers) => {
    expect([...(await readForm(callWith(headers, 'code=1')))]).toEqual([])
  })
})

it.each([
  ['application/json', true],
  ['APPLICATION/JSON; charset=utf-8', true],
  ['application/*', true],
  ['*/*', true],
  ['text/json', false],
  ['', false],
])('the media range "%s" covers JSON: %s', (range, expected) => {
  expect(covers(range, 'application/json')).toBe(expected)
})

it.each([
  ['a=1; authentik_session=key', 'key'],
  ['authentik_session=old; authentik_session=new', 'new'],
  ['authentik_session="quoted"', 'quoted'],
  ['authentik_session=a=b', 'a=b'],
  ['xauthentik_session=key', undefined],
])('the cookies "%s" have the session %s', (cookie, expected) => {
  expect(cookieOf(callWith({ cookie }), 'authentik_session')).toBe(expected)
})

describe('the text of bytes', () => {
  it.each([
    [[0x61, 0xff, 0x62], 'a\udcffb'],
    [[0xc3], '\udcc3'],
    [[0xef, 0xbf, 0x41], '\udcef\ufffdA'],
    [[0xed, 0xa0, 0x80], '\udced\ufffd\ufffd'],
    [[0xef, 0xbb, 0xbf, 0x61], '\ufeffa'],
    [[0xef, 0xbf, 0xbd, 0x80], '\ufffd\udc80'],
  ])('%j has half a surrogate pair where it stops being UTF-8: %j', (bytes, text) => {
    expect(decodeText(Uint8Array.from(bytes))).toBe(text)
  })

  it('is well formed when they are UTF-8, and only then', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        expect(decodeText(bytes).isWellFormed()).toBe(isUtf8(bytes))
      }),
    )
  })

  it('is what was written in UTF-8', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(decodeText(new TextEncoder().encode(text))).toBe(text.toWellFormed())
      }),
    )
  })
})

describe('a router', () => {
  const router = createRouter([{ path: '/users/{id}/' }, { path: '/users/me/' }, { path: '/users/{id}/used_by/' }])

  it.each([
    ['/users/7/', '/users/{id}/', { id: '7' }],
    ['/users/me/', '/users/me/', {}],
    ['/users/7/used_by/', '/users/{id}/used_by/', { id: '7' }],
  ])('leads %s to %s', (path, route, params) => {
    expect(router.match(path)).toEqual({ route: { path: route }, params })
  })

  it.each(['/users/', '/users/7', '/users//', '/users/7.5/', '/users/7/8/'])('leads %s nowhere', (path) => {
    expect(router.match(path)).toBeUndefined()
  })
})

it('a call passes the layers from the outermost, and its answer comes back through them, at once or later', async () => {
  const passed: string[] = []
  const layer =
    (name: string): Layer =>
    (next) => {
      const answer = onReply((reply) => {
        passed.push(`${name} <-`)
        return { ...reply, body: `${reply.body} ${name}` }
      })(next)
      return (call) => {
        passed.push(`-> ${name}`)
        return answer(call)
      }
    }
  const reply: Reply = { status: 200, headers: [], body: 'route' }
  const layers = [layer('outer'), layer('inner')]
  expect(pipeline(layers, () => reply)(callWith({}))).toMatchObject({ body: 'route inner outer' })
  expect(passed).toEqual(['-> outer', '-> inner', 'inner <-', 'outer <-'])
  expect(await pipeline(layers, async () => reply)(callWith({}))).toMatchObject({ body: 'route inner outer' })
})

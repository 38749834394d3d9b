/** A server on the loopback that acts for an administrator answers nobody who does not know its secret. */
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLoopback, type Loopback } from '../../../src/contract/verify/loopback.ts'

const paths: (string | undefined)[] = []
let loopback: Loopback
beforeAll(async () => {
  loopback = await openLoopback(
    ({ url }, response) => {
      paths.push(url)
      response.end('done')
    },
    (_error, response) => response.end(),
  )
})
afterAll(() => loopback.close())

/** Asks for a path, called by a name. */
const statusOf = (path: string, headers: Record<string, string> = {}) =>
  new Promise<number | undefined>((resolve, reject) => {
    const { port } = new URL(loopback.url)
    request({ host: '127.0.0.1', port, path, headers }, (response) => resolve((response.resume(), response.statusCode)))
      .on('error', reject)
      .end()
  })

describe('a loopback', () => {
  it('has a secret of its own in its address, below which it answers', async () => {
    const { pathname, host } = new URL(loopback.url)
    expect(pathname).toMatch(/^\/[\w-]{32}$/)
    expect(await statusOf(`${pathname}/api/v3/root/config/?a=1`, { Host: host })).toBe(200)
    expect(paths.splice(0)).toEqual(['/api/v3/root/config/?a=1'])
  })

  it.each([
    ['without the secret', () => '/api/v3/root/config/', () => ({})],
    ['with a part of it', () => `${new URL(loopback.url).pathname.slice(0, -1)}/`, () => ({})],
    ['with more than it', () => `${new URL(loopback.url).pathname}more/`, () => ({})],
    ['by another name', () => `${new URL(loopback.url).pathname}/`, () => ({ Host: 'evil.example' })],
    [
      'by localhost, which a page may be called too',
      () => `${new URL(loopback.url).pathname}/`,
      () => ({ Host: `localhost:${new URL(loopback.url).port}` }),
    ],
  ])('answers nothing to a request %s', async (_, pathOf, headersOf) => {
    expect(await statusOf(pathOf(), headersOf())).toBe(404)
    expect(paths).toEqual([])
  })
})

/** A login is the same over every transport, to the byte, and what is good once is good once over each. */
import { setupServer } from 'msw/node'
import { describe, expect, it } from 'vitest'
import type { Mock } from '../../../src/entries/index.ts'
import { handlers } from '../../../src/entries/msw.ts'
import { serve } from '../../../src/http/node/server.ts'
import { readyMock, worldOf, type Row } from '../../support/client.ts'
import { OAuthClient, type Send } from '../../support/oauth-client.ts'
import { pipeline } from '../../support/pipeline.ts'

const createMock = () => readyMock({ release: '2026.8.3', now: '2030-01-01T00:02:30Z', seed: 7, login: 'auto' })

/** Has something sent over a transport. */
type Transport = <Result>(authentik: Mock, play: (send: Send, origin: string) => Promise<Result>) => Promise<Result>

const overSocket: Transport = async (authentik, play) => {
  const server = await serve(authentik, { port: 0 })
  return play(fetch, server.url).finally(() => server.close())
}

const inProcess: Transport = (authentik, play) => play(authentik.fetch as Send, 'http://authentik.test')

const throughMsw: Transport = async (authentik, play) => {
  const server = setupServer(...handlers(authentik))
  server.listen({ onUnhandledFrame: 'error' })
  return play(fetch, 'http://authentik.test').finally(() => server.close())
}

/** Headers of a connection, which may compress what it carries. */
const OF_THE_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'content-encoding',
])

/**
 * Logs in, exchanges, refreshes and asks.
 * @param origin is in what is signed, so that the transports have to be called by one
 * @returns every answer as it came, and the world
 */
async function logIn(authentik: Mock, send: Send, origin: string): Promise<unknown[]> {
  const answers: unknown[] = []
  const record: Send = async (url, init) => {
    const response = await send(url, { ...init, headers: { ...init?.headers, 'User-Agent': 'test' } })
    const text = await response.clone().text()
    const headers = [...response.headers].filter(([name]) => !OF_THE_CONNECTION.has(name))
    answers.push([response.status, headers, text])
    return response
  }
  const client = new OAuthClient(authentik, { send: record, origin })
  const code = await client.code({ scope: 'openid profile offline_access', nonce: 'n', state: 's' })
  const { json } = await client.exchange(code)
  await client.userinfo(json['access_token'])
  await client.introspect(json['access_token'])
  await client.refresh(json['refresh_token'])
  await client.revoke(json['access_token'])
  return [...answers, worldOf(authentik)]
}

describe('the same seed, requests and frozen clock give the same bytes', () => {
  it('in process, on a socket and through MSW', async () => {
    const onSocket = await createMock()
    const { url, answers } = await overSocket(onSocket, async (send, origin) => ({
      url: origin,
      answers: await logIn(onSocket, send, origin),
    }))
    const local = await createMock()
    expect(await logIn(local, local.fetch as Send, url)).toEqual(answers)
    const inMsw = await createMock()
    const server = setupServer(...handlers(inMsw))
    server.listen({ onUnhandledFrame: 'error' })
    expect(await logIn(inMsw, fetch, url).finally(() => server.close())).toEqual(answers)
    expect(answers).toHaveLength(7)
  })
})

/** Sends forms on one connection before an answer is read. */
async function pipelined(authentik: Mock, forms: readonly URLSearchParams[]): Promise<number[]> {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const requests = forms.map((form) => ({
    method: 'POST',
    path: '/application/o/token/',
    headers,
    body: String(form),
  }))
  return (await pipeline(authentik, requests)).map(({ status }) => status)
}

const sendAll =
  (transport: Transport) =>
  (authentik: Mock, forms: readonly URLSearchParams[]): Promise<number[]> =>
    transport(authentik, (send, origin) =>
      Promise.all(
        forms.map(async (body) => {
          const response = await send(`${origin}/application/o/token/`, { method: 'POST', body })
          await response.text()
          return response.status
        }),
      ),
    )

describe.each([
  ['in process', sendAll(inProcess)],
  ['on a socket', sendAll(overSocket)],
  ['pipelined on a socket', pipelined],
  ['through MSW', sendAll(throughMsw)],
])('a hundred at once, %s', (_, send) => {
  it.each(['authorization_code', 'refresh_token'])(
    'of one %s: exactly one is given tokens, and their rows are there once',
    async (grant) => {
      const authentik = await createMock()
      const client = new OAuthClient(authentik)
      const code = await client.code({ scope: 'openid offline_access' })
      const { json } = grant === 'refresh_token' ? await client.exchange(code) : { json: { refresh_token: '' } as Row }
      const { size } = authentik.world.access_tokens
      const form = new URLSearchParams({
        grant_type: grant,
        ...client.credentials,
        ...(grant === 'refresh_token'
          ? { refresh_token: json['refresh_token'] }
          : { code, redirect_uri: client.redirectUri }),
      })
      const statuses = await send(
        authentik,
        Array.from({ length: 100 }, () => form),
      )
      expect(statuses.toSorted()).toEqual([200, ...Array.from({ length: 99 }, () => 400)])
      expect(authentik.world.access_tokens.size).toBe(size + 1)
    },
  )
})

/** Runs `authentik-mock verify` in this process, against servers on this machine. */
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { serve } from '../../../src/http/node/server.ts'
import { mock, type Mock } from '../../../src/mock/mock.ts'
import type { MockOptions } from '../../../src/mock/options.ts'
import { main } from '../../../src/cli/main.ts'
import type { Call, Reply } from '../../../src/http/message.ts'
import type { Verification } from '../../../src/contract/verify/run.ts'
import { sharePact } from './pact-pool.ts'

sharePact()

/** The token that no output may show. */
export const CANARY = 'canary-7f3a-token'

/** Runs `authentik-mock verify` with the canary as its token. */
export async function verify(
  args: readonly string[],
  env: Record<string, string> = { AUTHENTIK_TOKEN: CANARY },
  status?: (line: string) => void,
) {
  let [out, err] = ['', '']
  const began = performance.now()
  const code = await main(['verify', ...args], {
    print: (text) => (out += text),
    warn: (message) => (err += `authentik-mock: ${message}\n`),
    bold: (text) => text,
    ...(status && { status }),
    env,
    stopped: () => Promise.resolve(),
  })
  return { out, err, code, took: performance.now() - began }
}

/** Runs `authentik-mock verify`, and reads its report. */
export async function report(
  url: string,
  ...args: string[]
): Promise<{ code: number; err: string; report: Verification }> {
  const { out, err, code } = await verify(['--provider-url', url, '--reporter', 'json', ...args])
  return { code, err, report: JSON.parse(out) as Verification }
}

/** The interactions and the checks of a report. */
export const verdicts = ({ interactions, checks }: Verification) => [...interactions, ...checks]

/** Answers a call instead of the mock, and may ask the mock first. */
export type Change = (call: Call, answer: () => Promise<Reply>) => Reply | Promise<Reply>

/** Serves a mock whose superuser has the canary as token, as long as `use` takes. */
export async function withMock<T>(
  options: MockOptions,
  use: (url: string, served: Mock) => Promise<T>,
  change: Change = (_call, answer) => answer(),
): Promise<T> {
  const served = mock({ token: CANARY, ...options })
  const server = await serve(
    { ...served, answer: (call) => change(call, async () => served.answer(call)) },
    { port: 0 },
  )
  try {
    return await use(server.url, served)
  } finally {
    await server.close()
  }
}

/** Changes the JSON of a reply; `change` edits the body, or returns another one. */
export function changed(reply: Reply, change: (body: any) => unknown): Reply {
  const body = JSON.parse(reply.body)
  return { ...reply, body: JSON.stringify(change(body) ?? body) }
}

/** Serves anything on 127.0.0.1, as long as `use` takes. */
export async function withServer<T>(
  listener: RequestListener,
  use: (url: string) => Promise<T>,
  tls?: { key: string; cert: string },
): Promise<T> {
  const server = tls ? createSecureServer(tls, listener) : createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await use(`${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

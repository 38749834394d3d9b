/** A server that signs with the key of this package is told, and fails nothing for it. */
import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { SHIPPED_CERTIFICATE, SHIPPED_KEY } from '../../../src/authentik/oidc/shipped-key.ts'
import { runChecks } from '../../../src/contract/verify/checks/run-checks.ts'
import { preflight } from '../../../src/contract/verify/preflight.ts'
import { toReport } from '../../../src/contract/verify/report.ts'
import { exitOf } from '../../../src/contract/verify/run.ts'
import type { MockOptions } from '../../../src/entries/index.ts'
import { readText } from '../../support/files.ts'
import { readyMock, worldOf } from '../../support/client.ts'
import { waitPatiently } from './patience.ts'
import { CANARY, changed, withMock, type Change } from './support.ts'

waitPatiently()

/** What the check says of a mock, in a whole report. */
const check = (options: MockOptions, change?: Change) =>
  withMock(
    options,
    async (base) => {
      const provider = await preflight({ base, token: CANARY }, undefined)
      const checks = await runChecks(provider, undefined)
      const judged = checks.find(({ name }) => name.startsWith('signing-key: '))
      const verification = { provider, interactions: [], checks: [judged!], publications: [] }
      return { judged: judged!, verification }
    },
    change,
  )

/** A world whose certificates have keys of their own. */
async function worldWithKey(alg: 'rsa' | 'ec') {
  const world = worldOf(await readyMock())
  const { privateKey } =
    alg === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const private_key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  return { ...world, certificates: world.certificates.map((row) => ({ ...row, private_key, private_key_type: alg })) }
}

const isJwks = (path: string) => path.endsWith('/jwks/')

describe('a server with the shipped key', () => {
  it.each(['2024.2.0', '2024.8.3', '2026.2.2', '2026.8.3'])(
    'of %s gets a warning by its name there',
    async (release) => {
      const { judged } = await check({ release }, async (call, answer) => {
        const reply = await answer()
        // The name alone tells it.
        if (isJwks(call.path)) return changed(reply, ({ keys }) => (keys ? { keys: [{ kid: keys[0].kid }] } : {}))
        return reply
      })
      expect(judged).toMatchObject({ verdict: 'warning', extent: 'the keys of 5 of 5 applications' })
      const signs = /^the application .+ signs with the key that is published with authentik-mock: anybody/
      expect(judged.findings.map(({ text }) => text)).toEqual(
        Array.from({ length: 3 }, () => expect.stringMatching(signs)),
      )
    },
  )

  it('gets it by the key where it has another name', async () => {
    const { judged } = await check({}, async (call, answer) => {
      const reply = await answer()
      if (isJwks(call.path)) return changed(reply, ({ keys }) => (keys ? { keys: [{ ...keys[0], kid: 'x' }] } : {}))
      return reply
    })
    expect(judged).toMatchObject({ verdict: 'warning' })
  })

  it('fails nothing for it, and every report says it', async () => {
    const { verification } = await check({})
    for (const failOn of ['new', 'known', 'any'] as const) expect([1, 6]).not.toContain(exitOf(verification, failOn))
    const report = (name: keyof typeof toReport) => toReport[name](verification, (text) => text)
    expect(report('text')).toMatch(/ {2}! warning {10}signing-key: .*\n {6}the application/)
    expect(report('github')).toMatch(/^::warning title=signing-key/)
    expect(report('junit')).toContain('<system-out>warning: the application')
    expect(report('junit')).toContain('failures="0" skipped="0"')
    expect(report('markdown')).toContain('| warning | signing-key')
  })
})

describe('a server with another key', () => {
  it.each(['rsa', 'ec'] as const)('conforms: %s', async (alg) => {
    const { judged } = await check({ release: '2024.8.3', world: await worldWithKey(alg) })
    expect(judged).toMatchObject({ verdict: 'conforms', findings: [] })
  })

  it.each([
    ['answers what is no JSON', '<html>', 200],
    ['has no such path', '', 404],
    ['answers no set of keys', '[]', 200],
  ])('that %s is inconclusive', async (_, body, status) => {
    const { judged } = await check({}, async (call, answer) =>
      isJwks(call.path) ? { status, headers: [], body } : answer(),
    )
    expect(judged).toMatchObject({ verdict: 'inconclusive' })
  })
})

it('is asked for its keys without the token, and by GET', async () => {
  const requests: (string | undefined)[] = []
  await check({}, (call, answer) => {
    if (isJwks(call.path)) requests.push(call.method, call.header('authorization'))
    return answer()
  })
  expect(new Set(requests)).toEqual(new Set(['GET', undefined]))
})

it('the file of the key and its certificate say that it is worthless', () => {
  const certificate = new X509Certificate(SHIPPED_CERTIFICATE)
  expect(certificate.subject).toContain('worthless')
  const [keyed, certified] = [createPublicKey(SHIPPED_KEY), certificate.publicKey]
  expect(certified.equals(keyed)).toBe(true)
  expect(readText('src/authentik/oidc/shipped-key.ts')).toMatch(/It is worthless: everybody has it/)
})

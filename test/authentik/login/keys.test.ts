/** Keys that a world gives its certificates: every form that signs, and what is refused. */
import { createECDH, createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { mock } from '../../../src/mock/mock.ts'
import { readyMock, worldOf, type Row } from '../../support/client.ts'
import { OAuthClient, ORIGIN } from '../../support/oauth-client.ts'

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const curveKey = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey
const EC = curveKey('P-256')
const toPem = (key: typeof RSA, type: 'pkcs1' | 'sec1' | 'pkcs8') =>
  key.export({ format: 'pem', type: type as 'pkcs8' }).toString()

/** A key whose number has by chance the bytes that name a curve behind it. */
function misleadingKey() {
  const pair = createECDH('prime256v1')
  pair.setPrivateKey('a0060600'.repeat(8), 'hex')
  const point = pair.getPublicKey()
  const toText = (bytes: Buffer) => bytes.toString('base64url')
  const [d, x, y] = [toText(pair.getPrivateKey()), toText(point.subarray(1, 33)), toText(point.subarray(33))]
  return createPrivateKey({ key: { kty: 'EC', crv: 'P-256', d, x, y }, format: 'jwk' })
}

/** The default world, in which every provider signs by one key. */
async function worldWith(key_data: string, details: Row = {}): Promise<Row> {
  const world: Row = worldOf(await readyMock({ release: '2024.8.3' }))
  const [certificate] = world['certificates']
  return {
    ...world,
    certificates: [{ pk: certificate.pk, name: 'Key', key_data, ...details }],
    providers: world['providers'].map((provider: Row) => ({
      ...provider,
      signing_key: certificate.pk,
      encryption_key: null,
    })),
  }
}

describe('a key', () => {
  it.each([
    ['RSA in PKCS #8', toPem(RSA, 'pkcs8'), 'RS256'],
    ['RSA in PKCS #1', toPem(RSA, 'pkcs1'), 'RS256'],
    ['P-256 in PKCS #8', toPem(EC, 'pkcs8'), 'ES256'],
    ['P-256 in SEC 1', toPem(EC, 'sec1'), 'ES256'],
    ['P-256 in SEC 1 with a misleading number', toPem(misleadingKey(), 'sec1'), 'ES256'],
    ['P-384 in SEC 1', toPem(curveKey('P-384'), 'sec1'), 'ES384'],
    ['P-521 in SEC 1', toPem(curveKey('P-521'), 'sec1'), 'ES512'],
  ])('of %s signs, and is named by its text', async (_, key, alg) => {
    const authentik = await readyMock({ release: '2024.8.3', login: 'auto', world: (await worldWith(key)) as never })
    const client = new OAuthClient(authentik)
    const { json } = await client.exchange(await client.code())
    const slug = worldOf(authentik).applications.find(({ provider }) => provider === 1)!.slug
    const jwks = await (await authentik.fetch(`${ORIGIN}/application/o/${slug}/jwks/`)).json()
    const { protectedHeader } = await jwtVerify(String(json['id_token']), createLocalJWKSet(jwks))
    expect(protectedHeader).toEqual({ alg, kid: createHash('md5').update(key).digest('hex'), typ: 'JWT' })
  })

  const WRONG =
    'certificates[0].key_data: is no private key of RSA or of the curves P-256, P-384 and P-521, unencrypted and in PEM; write what `openssl pkcs8 -topk8 -nocrypt -in KEY` prints'

  it.each([
    ['no PEM', 'key'],
    ['cut off', `${toPem(RSA, 'pkcs8').slice(0, 400)}\n-----END PRIVATE KEY-----\n`],
    ['public', createPrivateKey(RSA.export({ format: 'pem', type: 'pkcs8' })).export({ format: 'jwk' }).n ?? ''],
    ['encrypted', RSA.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'p' }).toString()],
    ['of Ed25519', generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()],
    ['of a curve that signs no token', toPem(curveKey('secp256k1'), 'pkcs8')],
  ])('that is %s is refused when a world is loaded', async (_, key) => {
    const world = await worldWith(key)
    expect(() => mock({ world: world as never })).toThrow(WRONG)
  })

  it('of another kind than its certificate says is refused', async () => {
    const world = await worldWith(toPem(EC, 'sec1'), { private_key_type: 'rsa' })
    expect(() => mock({ world: world as never })).toThrow(
      'certificates[0]: has a key_data of the kind ec, and says rsa. Say ec, or give it another key',
    )
  })
})

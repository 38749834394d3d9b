/** The files of --ca, --cert and --key have what they are for, or are refused before anything is sent. */
import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCredentials } from '../../src/cli/certificates.ts'
import { UsageError } from '../../src/cli/options.ts'
import { certify } from '../contract/verify/certificate.ts'

const { key, cert } = certify({ names: ['localhost'], expires: new Date('2099-01-01') })
const stranger = certify({ names: ['localhost'], expires: new Date('2099-01-01') }).key
const encrypted = createPrivateKey(key)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
  .toString()
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'authentik-mock-certificates-'))
  for (const [name, content] of Object.entries({
    key,
    cert,
    both: `${cert}${key}`,
    text: 'no PEM',
    stranger,
    encrypted,
  }))
    writeFileSync(join(folder, name), content)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Reads options whose values are names of the files. */
const read = (names: Partial<Record<'ca' | 'cert' | 'key', string>>) => {
  const paths = Object.entries(names).map(([option, name]) => [option, join(folder, name)])
  return readCredentials({ ...Object.fromEntries(paths), optionNames: new Set(Object.keys(names)), operands: [] })
}

describe('the credentials of a client', () => {
  it('are none without an option', () => {
    expect(read({})).toEqual({ ca: undefined, cert: undefined, key: undefined })
  })

  it('are in two files, or in one', () => {
    expect(read({ ca: 'cert', cert: 'cert', key: 'key' })).toEqual({ ca: cert, cert, key })
    expect(read({ cert: 'both' })).toEqual({ ca: undefined, cert: `${cert}${key}`, key: `${cert}${key}` })
  })

  it.each([
    [{ ca: 'text' }, '--ca FILE holds no certificate. Give one in PEM.'],
    [{ cert: 'key' }, '--cert FILE holds no certificate. Give one in PEM.'],
    [{ cert: 'cert' }, '--cert FILE holds no private key. Give one in PEM. Where it is in another file: --key FILE'],
    [{ cert: 'cert', key: 'cert' }, '--key FILE holds no private key. Give one in PEM.'],
    [
      { cert: 'cert', key: 'stranger' },
      '--key FILE is not the key of the certificate. Give the two that were made together.',
    ],
    [
      { cert: 'cert', key: 'encrypted' },
      '--key FILE is protected by a passphrase. Give it without one, as this writes it: openssl pkey -in FILE -out KEY',
    ],
    [{ key: 'key' }, '--key is the key of a certificate. Give that too: --cert FILE'],
  ])('%j are refused', (names, message) => {
    const last = Object.values(names).at(-1) ?? ''
    expect(() => read(names)).toThrow(new UsageError(message.replace(/^(--\w+) FILE/, `$1 ${join(folder, last)}`)))
  })
})

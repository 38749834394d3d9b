/** Files that a command is given are read in the encodings in which systems write them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findRelease } from '../../src/authentik/releases/index.ts'
import { decodeText, EncodingError } from '../../src/cli/files.ts'
import { main } from '../../src/cli/main.ts'
import { toDocument } from '../../src/rest/document.ts'
import { readText } from '../support/files.ts'

const folder = mkdtempSync(join(tmpdir(), 'authentik-mock-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

const TEXT = '{"name": "Jörg 😀"}'
const DOCUMENT = JSON.stringify(toDocument(findRelease('2024.8.3')))
const swap = (bytes: Buffer) => Buffer.from(bytes).swap16()
const utf16 = (text: string) => Buffer.from(text, 'utf16le')
const ENCODINGS: [string, (text: string) => Buffer][] = [
  ['UTF-8', (text) => Buffer.from(text)],
  ['UTF-8 with a byte order mark', (text) => Buffer.from(`\ufeff${text}`)],
  ['UTF-16, as PowerShell writes it', (text) => utf16(`\ufeff${text}`)],
  ['UTF-16 in the other order', (text) => swap(utf16(`\ufeff${text}`))],
  ['UTF-16 without a byte order mark', utf16],
  ['UTF-16 in the other order without a byte order mark', (text) => swap(utf16(text))],
]

/** Runs a command in this process, which stops as soon as it serves. */
async function run(...args: string[]) {
  let [out, err] = ['', '']
  const code = await main(args, {
    print: (text) => (out += text),
    warn: (message) => (err += message),
    bold: String,
    env: {},
    stopped: () => Promise.resolve(),
  })
  return { out, err, code }
}

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const serveWorld = (content: string | Uint8Array) =>
  run('serve', '--port', '0', '--world', fileOf('world.json', content))

describe('a text', () => {
  it.each(ENCODINGS)('is read in %s', (_, encode) => {
    expect(decodeText(encode(TEXT))).toBe(TEXT)
  })

  it.each([
    ['no bytes', []],
    ['one byte', [0x7b]],
  ])('may be of %s', (_, bytes) => {
    expect(decodeText(Uint8Array.from(bytes))).toHaveLength(bytes.length)
  })

  it.each([
    ['Latin-1', Buffer.from('Jörg', 'latin1')],
    ['half a character of UTF-16', Buffer.concat([utf16('\ufeff{}'), Buffer.of(0x7b)])],
    ['a picture', Buffer.from('89504e470d0a1a0a', 'hex')],
  ])('is not %s', (_, bytes) => {
    expect(() => decodeText(bytes)).toThrow(EncodingError)
  })
})

describe.each(ENCODINGS)('a file in %s', (_, encode) => {
  it('is a world that serve starts from', async () => {
    const { out, err, code } = await serveWorld(encode('{"users": [{"pk": 1, "username": "jörg"}]}'))
    expect([err, code]).toEqual(['', 0])
    expect(out).toContain('your world')
  })

  it('is a document that drift compares, with a pact beside it', async () => {
    const document = fileOf('schema.json', encode(DOCUMENT))
    const pact = fileOf('pact.json', encode(readText('pacts/goauthentik-api-authentik.json')))
    const { err, code } = await run('drift', document, document, '--pact', pact)
    expect([err, code]).toEqual(['', 0])
  })

  it('is a pact that verify takes, before it finds nobody at the address', async () => {
    const pact = fileOf('pact.json', encode(readText('pacts/goauthentik-api-authentik.json')))
    const { err, code } = await run('verify', '--provider-url', 'http://127.0.0.1:1', '--pact', pact)
    expect(err).toContain('http://127.0.0.1:1')
    expect(code).toBe(3)
  })
})

describe('serve --world', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['null', 'null', 'the file: is null, and no object with a list of rows for each resource'],
    ['a number', '5', 'the file: is 5, and no object'],
    ['a list', '[]', 'the file: is a list, and no object'],
    ['a text', '"world.json"', 'the file: is a text, and no object'],
    ['nothing', '', 'is empty. Give a world in JSON.'],
    ['a line end', '\n', 'is empty. Give a world in JSON.'],
    ['no JSON', '{', 'is no JSON: '],
    ['users twice', '{"users": [], "users": []}', 'the key "users" stands twice in one object, in line 1, column 15'],
    ['a picture', Buffer.from('89504e470d0a1a0a', 'hex'), 'it is neither UTF-8 nor UTF-16'],
  ])('refuses a file that says %s', async (_, content, reason) => {
    const { out, err, code } = await serveWorld(content)
    expect([out, code]).toEqual(['', 2])
    expect(err).toContain(reason)
  })
})

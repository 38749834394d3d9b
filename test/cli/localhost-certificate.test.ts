/** The certificate for this machine is made once, kept where only its user reads the keys, and made anew when it must. */
import { X509Certificate } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cacheFolder, localhostCertificate } from '../../src/cli/localhost-certificate.ts'
import { UsageError } from '../../src/cli/options.ts'
import { createAuthority, createLeaf } from '../../src/cli/x509.ts'

const DAY = 24 * 60 * 60 * 1000
let cache: string
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'authentik-mock-cache-'))
})
afterEach(() => rmSync(cache, { recursive: true }))

const find = (...names: string[]) => localhostCertificate(names, { XDG_CACHE_HOME: cache })
const inFolder = (name: string) => join(cache, 'authentik-mock', name)
const read = (name: string) => readFileSync(inFolder(name), 'utf8')
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

describe('the certificate for this machine', () => {
  it('is signed by a CA whose file is named, for the loopback and the names that are given', async () => {
    const { key, cert, ca } = await find('auth.example', '192.0.2.2')
    const [leaf, authority] = [new X509Certificate(cert), new X509Certificate(readFileSync(ca))]
    expect(ca).toBe(inFolder('ca.pem'))
    expect([leaf.ca, authority.ca]).toEqual([false, true])
    expect([leaf.checkIssued(authority), leaf.verify(authority.publicKey)]).toEqual([true, true])
    expect([leaf.checkHost('localhost'), leaf.checkIP('127.0.0.1'), leaf.checkIP('::1')]).not.toContain(undefined)
    expect([leaf.checkHost('auth.example'), leaf.checkIP('192.0.2.2')]).not.toContain(undefined)
    expect(leaf.checkHost('other.example')).toBeUndefined()
    expect(() => createSecureContext({ key, cert })).not.toThrow()
  })

  it('is valid for at most 397 days, and from before it was made', async () => {
    const { validFromDate, validToDate } = new X509Certificate((await find()).cert)
    expect(validToDate.getTime() - validFromDate.getTime()).toBeLessThan(397 * DAY)
    expect(validToDate.getTime()).toBeGreaterThan(Date.now() + 390 * DAY)
    expect(validFromDate.getTime()).toBeLessThan(Date.now())
  })

  it('is kept in a folder and in files that nobody else reads, and leaves nothing beside them', async () => {
    mkdirSync(inFolder(''), { mode: 0o755 })
    await find()
    expect(readdirSync(inFolder('')).sort()).toEqual(['ca-key.pem', 'ca.pem', 'localhost-key.pem', 'localhost.pem'])
    expect(['', 'ca-key.pem', 'localhost-key.pem'].map((name) => modeOf(inFolder(name)))).toEqual(['700', '600', '600'])
  })

  it('is the same at the next start, also for fewer names', async () => {
    const first = await find('auth.example')
    expect([await find('auth.example'), await find()]).toEqual([first, first])
  })

  it('is made anew for another name, by the CA that there is', async () => {
    const first = await find()
    const authority = read('ca.pem')
    const second = await find('auth.example')
    expect(second.cert).not.toBe(first.cert)
    expect(read('ca.pem')).toBe(authority)
    expect(new X509Certificate(second.cert).checkHost('auth.example')).toBe('auth.example')
  })

  it('is made anew when it expires in less than thirty days, by the CA that there is', async () => {
    await find()
    const authority = { key: read('ca-key.pem'), cert: read('ca.pem') }
    const old = createLeaf(authority, ['localhost', '127.0.0.1', '::1'], 20)
    writeFileSync(inFolder('localhost-key.pem'), old.key)
    writeFileSync(inFolder('localhost.pem'), old.cert)
    expect((await find()).cert).not.toBe(old.cert)
    expect(read('ca.pem')).toBe(authority.cert)
  })

  it('is made anew with its CA when that would expire before it', async () => {
    const first = await find()
    const old = createAuthority(300)
    writeFileSync(inFolder('ca-key.pem'), old.key)
    writeFileSync(inFolder('ca.pem'), old.cert)
    const second = await find()
    expect(read('ca.pem')).not.toBe(old.cert)
    expect(second.cert).not.toBe(first.cert)
    expect(new X509Certificate(second.cert).verify(new X509Certificate(read('ca.pem')).publicKey)).toBe(true)
  })

  it.each(['ca-key.pem', 'ca.pem', 'localhost-key.pem', 'localhost.pem'])(
    'is made anew when %s is missing, broken or of another certificate',
    async (name) => {
      const stranger = createAuthority(3650)
      for (const content of [undefined, '', 'text', name.includes('key') ? stranger.key : stranger.cert]) {
        await find()
        if (content === undefined) rmSync(inFolder(name))
        else writeFileSync(inFolder(name), content)
        const { key, cert } = await find()
        expect(() => createSecureContext({ key, cert })).not.toThrow()
        expect(new X509Certificate(cert).verify(new X509Certificate(read('ca.pem')).publicKey)).toBe(true)
      }
    },
  )

  it('is one and the same for many first starts at once', async () => {
    const results = await Promise.all(Array.from({ length: 10 }, () => find()))
    expect(new Set(results.map(({ cert }) => cert)).size).toBe(1)
  })

  it.each([
    ['', -10_000],
    [', also after the clock was set back', DAY],
  ])('does not wait for a program that was killed while it made one%s', async (_when, age) => {
    mkdirSync(inFolder('lock'), { recursive: true })
    const time = new Date(Date.now() + age)
    utimesSync(inFolder('lock'), time, time)
    await find()
    expect(readdirSync(inFolder(''))).not.toContain('lock')
  })

  it('is refused with what to do where its folder cannot be made', async () => {
    writeFileSync(inFolder(''), '')
    await expect(find()).rejects.toThrow(
      new UsageError(
        `The certificate for localhost cannot be kept in ${inFolder('')} (ENOTDIR). Give another folder for it: XDG_CACHE_HOME=DIR. Or a certificate of your own: --cert FILE --key FILE`,
      ),
    )
  })
})

describe('the cache folder', () => {
  it('is refused below a link that points at nothing', async () => {
    symlinkSync(join(cache, 'nothing'), join(cache, 'link'))
    const finding = localhostCertificate([], { XDG_CACHE_HOME: join(cache, 'link', 'below') })
    await expect(finding).rejects.toThrow(/cannot be kept in .* \(ENOENT\)\. Give another folder/)
  })

  it.each<[NodeJS.Platform, Record<string, string>, string]>([
    ['linux', { HOME: '/home/a' }, '/home/a/.cache/authentik-mock'],
    ['linux', { HOME: '/home/a', XDG_CACHE_HOME: '/var/a' }, '/var/a/authentik-mock'],
    ['linux', { HOME: '/home/a', XDG_CACHE_HOME: 'relative' }, '/home/a/.cache/authentik-mock'],
    ['linux', { HOME: '/home/a', XDG_CACHE_HOME: '' }, '/home/a/.cache/authentik-mock'],
    ['linux', { HOME: '/home/a', LOCALAPPDATA: '/data' }, '/home/a/.cache/authentik-mock'],
    ['darwin', { HOME: '/Users/a' }, '/Users/a/Library/Caches/authentik-mock'],
    ['win32', { HOME: '/c/a', LOCALAPPDATA: '/c/a/AppData/Local' }, '/c/a/AppData/Local/authentik-mock'],
    ['win32', { HOME: '/c/a' }, '/c/a/AppData/Local/authentik-mock'],
  ])('on %s with %j is %s', (platform, env, folder) => {
    expect(cacheFolder(env, platform)).toBe(folder)
  })
})

/** Origins and names are compared in the form in which they are sent; what is sent by nobody is refused with the right form. */
import { describe, expect, it } from 'vitest'
import { reachOf, readHostName, readOrigin, toName, toUrl } from '../../../src/http/node/addresses.ts'

describe('an origin', () => {
  it.each([
    ['http://localhost:5173', 'http://localhost:5173'],
    ['http://localhost:5173/', 'http://localhost:5173'],
    ['HTTP://LocalHost:5173', 'http://localhost:5173'],
    ['http://app.example:80', 'http://app.example'],
    ['https://app.example:443/', 'https://app.example'],
    ['http://app.example:443', 'http://app.example:443'],
    ['http://[::1]:5173', 'http://[::1]:5173'],
    ['http://münchen.example', 'http://xn--mnchen-3ya.example'],
    ['capacitor://localhost', 'capacitor://localhost'],
    ['chrome-extension://abcdef/', 'chrome-extension://abcdef'],
    [' http://app.example ', 'http://app.example'],
    ['*', '*'],
    ['null', 'null'],
  ])('%s is compared as %s', (text, origin) => expect(readOrigin(text)).toBe(origin))

  it.each([
    ['localhost:5173', 'has no scheme. Give http://localhost:5173.'],
    ['//app.example', 'has no scheme. Give http://app.example.'],
    ['app.example/page', 'has no scheme. Give http://app.example.'],
    [
      'http://app.example/page',
      'is more than an origin. Give http://app.example, without what follows or precedes the host.',
    ],
    [
      'https://me:secret@app.example',
      'is more than an origin. Give https://app.example, without what follows or precedes the host.',
    ],
    ['ftp://app.example', 'is no origin of a page. Give http://app.example.'],
    ['ws://app.example', 'is no origin of a page. Give http://app.example.'],
    ['file:///page.html', 'is no origin of a page. Give http://localhost:5173.'],
    ['http://a.test,http://b.test', 'holds several origins. Give each by itself: http://a.test and http://b.test.'],
    ['http://*.example', 'is compared as a whole. Give each origin, or * for any.'],
    ['http://', 'is no origin. Give one such as http://localhost:5173.'],
    ['http://app.example:99999', 'is no origin. Give one such as http://localhost:5173.'],
    ['', 'has no scheme. Give http://localhost:5173.'],
  ])('%s is refused', (text, message) => expect(() => readOrigin(text)).toThrow(new TypeError(message)))
})

describe('the name of a host', () => {
  it.each([
    ['Auth.Example', 'auth.example'],
    ['auth.example:9000', 'auth.example'],
    ['auth.example.', 'auth.example'],
    ['authentik_server', 'authentik_server'],
    ['xn--mnchen-3ya.test', 'xn--mnchen-3ya.test'],
    ['192.0.2.1:80', '192.0.2.1'],
    ['2001:DB8::0:1', '2001:db8::1'],
    ['[2001:db8::1]:9000', '2001:db8::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['*', '*'],
  ])('%s is compared as %s', (text, name) => expect(readHostName(text)).toBe(name))

  it.each([
    ['http://auth.example', 'is more than a name. Give auth.example.'],
    ['http://MÜNCHEN.test:80/', 'is more than a name. Give xn--mnchen-3ya.test.'],
    ['auth.example/path', 'is more than a name. Give auth.example.'],
    ['*.example', 'is compared as a whole. Give each name, or * for any.'],
    ['.example', 'is compared as a whole. Give each name, or * for any.'],
    ['münchen.test', 'is sent by no client in this form. Give xn--mnchen-3ya.test.'],
    ['a.test,b.test', 'holds several names. Give each by itself: a.test and b.test.'],
    ['auth.example:port', 'is no name of a host. Give one such as auth.example.'],
    ['auth..example', 'is no name of a host. Give one such as auth.example.'],
    ['', 'is no name of a host. Give one such as auth.example.'],
  ])('%s is refused', (text, message) => expect(() => readHostName(text)).toThrow(new TypeError(message)))

  it.each([
    ['LOCALHOST:9000', 'localhost'],
    ['[::1]:9000', '::1'],
    ['[0:0:0:0:0:0:0:1]', '::1'],
    ['[::ffff:7f00:1]:9000', '127.0.0.1'],
  ])('%s of a request is %s', (authority, name) => expect(toName(authority)).toBe(name))
})

describe('a server', () => {
  const bound = (address: string) => ({ address, port: 9000, family: address.includes(':') ? 'IPv6' : 'IPv4' })

  it.each([
    ['127.0.0.1', '127.0.0.1', 'http://127.0.0.1:9000'],
    ['::1', '::1', 'http://[::1]:9000'],
    ['localhost', '127.0.0.1', 'http://localhost:9000'],
    ['::ffff:127.0.0.1', '::ffff:127.0.0.1', 'http://127.0.0.1:9000'],
  ])('on %s is reached by this machine alone', (host, address, url) => {
    const { local, network } = reachOf(host, bound(address))
    expect([toUrl(local, 9000), network]).toEqual([url, undefined])
  })

  it('on an address of the network is reached by it', () => {
    expect(reachOf('192.0.2.7', bound('192.0.2.7'))).toEqual({
      local: '192.0.2.7',
      network: ['192.0.2.7'],
      addresses: ['192.0.2.7'],
    })
  })

  it.each([
    ['0.0.0.0', '0.0.0.0'],
    ['0', '0.0.0.0'],
    ['::', '::'],
    ['::ffff:0.0.0.0', '::ffff:0.0.0.0'],
  ])('on %s is reached by every address of the machine, and by loopback', (host, address) => {
    const { local, network, addresses } = reachOf(host, bound(address))
    expect([local, addresses]).toEqual(['127.0.0.1', expect.arrayContaining(['127.0.0.1'])])
    expect(network).toEqual(addresses.filter((candidate) => !/^(127\.|0\.0\.0\.0|::1?$|fe80:)/.test(candidate)))
  })
})

/** Whether `serve` may print localhost where a page is to log in. */
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { findLocalhost, toLocalhost } from '../../src/cli/localhost.ts'

const ADDRESSES = async () => [{ address: '::1' }, { address: '127.0.0.1' }]

/** A port of ::1 on which somebody listens, or listened. */
async function portOf(isOpen: boolean): Promise<{ port: number; close(): void }> {
  const server = createServer().listen(0, '::1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  if (!isOpen) await new Promise((resolve) => server.close(resolve))
  return { port, close: () => server.close() }
}

describe('the name localhost', () => {
  it('leads to a server at 127.0.0.1, because who asks it falls back from ::1, where nobody is', async () => {
    const { port } = await portOf(false)
    expect(await findLocalhost(`http://127.0.0.1:${port}`, '127.0.0.1', ADDRESSES)).toBe('this server')
    expect(await findLocalhost('http://127.0.0.1:9000', '127.0.0.1')).toBe('this server')
  })

  it('leads elsewhere where another server listens on the port at ::1, unless this one listens everywhere', async () => {
    const { port, close } = await portOf(true)
    const url = `http://127.0.0.1:${port}`
    expect(await findLocalhost(url, '127.0.0.1', ADDRESSES)).toBe('another server')
    expect(await findLocalhost(url, '0.0.0.0', ADDRESSES)).toBe('another server')
    expect(await findLocalhost(url, '::', ADDRESSES)).toBe('this server')
    close()
  })

  it.each([
    ['a server at another address', 'http://127.0.0.2:9000', ADDRESSES],
    ['a server at ::1 alone', 'http://[::1]:9000', ADDRESSES],
    ['a name that the system does not know', 'http://127.0.0.1:9000', () => Promise.reject(new Error('ENOTFOUND'))],
    ['a name that is ::1 alone', 'http://127.0.0.1:9000', async () => [{ address: '::1' }]],
  ])('is not printed for %s', async (_title, url, addressesOf) => {
    expect(await findLocalhost(url, '127.0.0.1', addressesOf)).toBe('nothing')
  })

  it('takes the place of the address, and of nothing else', () => {
    expect(toLocalhost('https://127.0.0.1:9443/127.0.0.1')).toBe('https://localhost:9443/127.0.0.1')
  })
})

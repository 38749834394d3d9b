/** Events: what happens, gathered for 100 ms; a reader that is slow, or gone, holds up nobody. */
import { createConnection, type Socket } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ControlEvent, ControlledMock } from '../../src/entries/control.ts'
import { leastOf, timeOf } from '../support/cost.ts'
import { askerIn, controlledMock, onSocket, sendIn } from '../support/control.ts'
import { misfitsOf, operationOf } from '../support/control-document.ts'

afterEach(() => void vi.useRealTimers())

const TYPES = ['journal', 'grant', 'clock', 'scenario'] as const

/** Hears of everything. */
function listen(authentik: ControlledMock): { events: ControlEvent[]; stop(): void } {
  const events: ControlEvent[] = []
  const stops = TYPES.map((type) => authentik.on(type, (event: ControlEvent) => events.push(event)))
  return { events, stop: () => stops.forEach((stop) => stop()) }
}

describe('events', () => {
  it('are gathered for 100 ms: the last twenty requests, and how many came before them', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const authentik = await controlledMock()
    const { events } = listen(authentik)
    for (let request = 0; request < 30; request++) await authentik.fetch('/-/health/live/')
    await vi.advanceTimersByTimeAsync(99)
    expect(events).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(events).toMatchObject([{ type: 'journal', skipped: 10 }])
    expect((events[0] as { entries: { id: number }[] }).entries.map(({ id }) => id)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 11),
    )
    await vi.advanceTimersByTimeAsync(10_000)
    expect(events).toHaveLength(1)
  })

  it('tell of grants, the clock and scenarios, and that all was reset', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const authentik = await controlledMock({ now: '2024-09-27T14:26:18Z' })
    const { events, stop } = listen(authentik)
    const { pk } = await authentik.mint({ kind: 'authorization_codes', user: 'akadmin', provider: 1 })
    authentik.clock.move(1000)
    const { id } = authentik.scenario({ name: 'slow' })
    await vi.advanceTimersByTimeAsync(100)
    expect(events).toMatchObject([
      { type: 'grant', grants: [{ kind: 'authorization_codes', pk, state: 'active' }] },
      { type: 'clock', clock: { now: '2024-09-27T14:26:19Z', frozen: true } },
      { type: 'scenario', scenarios: [{ id }] },
    ])
    await authentik.revoke('authorization_codes', pk)
    await vi.advanceTimersByTimeAsync(100)
    expect(events.at(-1)).toMatchObject({ type: 'grant', grants: [{ pk, state: 'revoked' }] })
    await authentik.reset()
    await vi.advanceTimersByTimeAsync(100)
    expect(events.slice(-2)).toMatchObject([
      { type: 'clock', clock: { now: '2024-09-27T14:26:18Z' } },
      { type: 'scenario', scenarios: [] },
    ])
    stop()
    await authentik.fetch('/-/health/live/')
    const { events: later } = listen(authentik)
    await vi.advanceTimersByTimeAsync(1000)
    expect(later).toEqual([])
  })

  it('a listener that throws is ignored', async () => {
    const authentik = await controlledMock()
    const heard = new Promise((resolve) => {
      authentik.on('journal', () => {
        throw new Error('broken')
      })
      authentik.on('journal', resolve)
    })
    await authentik.fetch('/-/health/live/')
    expect(await heard).toMatchObject({ type: 'journal' })
  })
})

describe('the stream', () => {
  it('has each as a server-sent event, whose data the document describes', async () => {
    const authentik = await controlledMock()
    const headers = { Authorization: `Bearer ${authentik.control.token}` }
    const response = await sendIn(authentik)('/-/mock/api/events/', { headers })
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader.read()).value).toBe(': this stream tells what happens\n\n')
    const { json: document } = await askerIn(authentik)('GET', 'schema/')
    const schema = operationOf(document, 'GET', 'events/')!['responses'][200].content['text/event-stream'].schema
    await authentik.world.authorization_codes.delete(1)
    authentik.clock.freeze()
    authentik.scenario({ status: 500, latency: [1, 2] })
    await authentik.fetch('/-/health/live/')
    // What takes longer than a tenth of a second is told in several parts.
    let text = ''
    while (!text.includes('event: journal')) text += (await reader.read()).value
    const events = [...text.matchAll(/^event: (\w+)\ndata: (.*)\n\n/gm)]
    expect(new Set(events.map(([, type]) => type))).toEqual(
      new Set(['journal', 'change', 'grant', 'clock', 'scenario']),
    )
    for (const [, type, data = ''] of events) {
      expect([type, misfitsOf(schema, JSON.parse(data))]).toEqual([type, []])
      expect(JSON.parse(data).type).toBe(type)
    }
    await reader.cancel()
  })

  it('says that all rows are others, when the world is reset or replaced', async () => {
    const authentik = await controlledMock()
    const headers = { Authorization: `Bearer ${authentik.control.token}` }
    const response = await sendIn(authentik)('/-/mock/api/events/', { headers })
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    await reader.read()
    for (const replace of [() => authentik.reset(), () => authentik.restore(authentik.snapshot())]) {
      await replace()
      const text = (await reader.read()).value ?? ''
      expect(text).toMatch(/^event: change\ndata: .*"users"/)
      expect(text).not.toContain('event: grant')
    }
    await reader.cancel()
  })

  it('ends with its reader, by cancel, by a signal or by a socket that closes: nothing listens then', async () => {
    const authentik = await controlledMock()
    const space = authentik.namespace('one')
    const isHeard = () => {
      vi.useFakeTimers({ toFake: ['Date'] })
      vi.advanceTimersByTime(3_601_000)
      const isThere = authentik.namespaces().length > 0
      vi.useRealTimers()
      return isThere
    }
    const headers = { Authorization: `Bearer ${authentik.control.token}` }
    const path = '/-/mock/api/events/'
    const cancelled = await space.fetch(`http://authentik.test${path}`, { headers })
    expect(isHeard()).toBe(true)
    await cancelled.body!.cancel()
    const giveUp = new AbortController()
    const aborted = await space.fetch(`http://authentik.test${path}`, { headers, signal: giveUp.signal })
    const reading = aborted.text().catch((error: unknown) => error)
    giveUp.abort(new Error('enough'))
    expect(await reading).toEqual(new Error('enough'))
    const socket = await onSocket(authentik)
    const gone = new AbortController()
    await socket.send(path, { headers: { ...headers, 'X-Authentik-Mock-Namespace': 'one' }, signal: gone.signal })
    expect(isHeard()).toBe(true)
    gone.abort()
    await vi.waitFor(() => expect(isHeard()).toBe(false), { timeout: 60_000 })
    await socket.close()
  })

  it('is closed for who reads too slowly, and nobody waits for them', async () => {
    const authentik = await controlledMock()
    const socket = await onSocket(authentik)
    const connections: Socket[] = []
    for (let reader = 0; reader < 3; reader++) {
      const connection = createConnection(socket.port, '127.0.0.1')
      const head = `GET /-/mock/api/events/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${authentik.control.token}\r\n\r\n`
      connection.on('error', () => {}).write(head)
      await new Promise((resolve) => connection.once('data', resolve))
      connection.pause()
      connections.push(connection)
    }
    const path = `/-/health/live/?q=${'x+'.repeat(150_000)}`
    // Each event has the last twenty requests: what a kernel keeps for a connection is soon full.
    for (let round = 0; round < 4; round++) {
      const time = await timeOf(async () => {
        for (let request = 0; request < 20; request++) await authentik.fetch(path)
      })
      // Who waits for these readers does so until a socket that is silent is closed, which takes three times as long.
      expect(time).toBeLessThan(20_000)
      await new Promise((resolve) => setTimeout(resolve, 110))
    }
    const isClosed = (connection: Socket) =>
      connection.closed || new Promise((resolve) => connection.on('close', () => resolve(true)).resume())
    expect(await Promise.all(connections.map(isClosed))).toEqual([true, true, true])
    await socket.close()
  })

  it('of a program that reads nothing fails, when too much is unread', async () => {
    const authentik = await controlledMock()
    const headers = { Authorization: `Bearer ${authentik.control.token}` }
    const response = await sendIn(authentik)('/-/mock/api/events/', { headers })
    const path = `/-/health/live/?q=${'x+'.repeat(50_000)}`
    for (let round = 0; round < 3; round++) {
      for (let request = 0; request < 20; request++) await authentik.fetch(path)
      await new Promise((resolve) => setTimeout(resolve, 110))
    }
    await expect(response.text()).rejects.toThrow('too much of the body was left unread')
  })

  it('end when the server closes, which waits for none of them', async () => {
    const authentik = await controlledMock()
    const timeOfClose = async () => {
      const socket = await onSocket(authentik)
      const headers = { Authorization: `Bearer ${authentik.control.token}` }
      const response = await socket.send('/-/mock/api/events/', { headers })
      const text = response.text()
      return timeOf(async () => {
        await socket.close()
        expect(await text).toBe(': this stream tells what happens\n\n')
      })
    }
    // Requests in flight have 1.5 seconds.
    expect(await leastOf(1000, timeOfClose)).toBeLessThan(1000)
  })
})

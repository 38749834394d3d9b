/** Instants that people write: RFC 3339 with a zone, or refused with what to write. */
import { assert, constantFrom, integer, oneof, property } from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { mock } from '../../src/entries/index.ts'
import { serve } from '../../src/entries/node.ts'
import { instant } from '../../src/cli/options.ts'
import { createClock, readInstant, toInstant } from '../../src/store/clock.ts'
import { runsOf } from '../support/tier.ts'

const LIKE = 'Write one like 2024-09-27T14:26:18Z.'

describe('an instant', () => {
  it.each([
    ['2024-09-27T14:26:18Z', '2024-09-27T14:26:18.000Z'],
    ['2024-09-27t14:26:18z', '2024-09-27T14:26:18.000Z'],
    ['2024-09-27 14:26:18.306080Z', '2024-09-27T14:26:18.306Z'],
    ['2024-09-27T14:26:18.3Z', '2024-09-27T14:26:18.300Z'],
    ['2024-09-27T16:26:18+02:00', '2024-09-27T14:26:18.000Z'],
    ['2024-12-31T23:30:00-00:45', '2025-01-01T00:15:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ])('is %s', (text, iso) => {
    expect(new Date(readInstant(text)).toISOString()).toBe(iso)
  })

  it.each([
    ['', LIKE],
    ['1', LIKE],
    ['soon', LIKE],
    ['2024-09-27', LIKE],
    ['2024-09-27T14:26Z', LIKE],
    ['27 Sep 2024 14:26:18 GMT', LIKE],
    [' 2024-09-27T14:26:18Z', LIKE],
    ['+012024-09-27T14:26:18Z', LIKE],
    ['2024-09-27T14:26:18+0200', LIKE],
    ['２０２４-09-27T14:26:18Z', LIKE],
    ['2024-09-27T14:26:18', 'It has no zone. Write 2024-09-27T14:26:18Z for UTC, or another zone such as +02:00.'],
    ['2024-02-31T00:00:00Z', `There is no such day. ${LIKE}`],
    ['2023-02-29T00:00:00Z', `There is no such day. ${LIKE}`],
    ['2024-13-01T00:00:00Z', `There is no such day. ${LIKE}`],
    ['2024-00-00T00:00:00Z', `There is no such day. ${LIKE}`],
    ['2024-09-27T24:00:00Z', `There is no such time. ${LIKE}`],
    ['2016-12-31T23:59:60Z', `There is no such time. ${LIKE}`],
    ['2024-09-27T14:60:00Z', `There is no such time. ${LIKE}`],
    ['2024-09-27T14:26:18+24:00', `There is no such time. ${LIKE}`],
    ['0000-12-31T00:00:00Z', `It is not within the years 1 to 9999. ${LIKE}`],
    ['9999-12-31T23:59:59-01:00', `It is not within the years 1 to 9999. ${LIKE}`],
  ])('is not "%s"', (text, message) => {
    expect(() => readInstant(text)).toThrow(expect.objectContaining({ code: 'ERR_CLOCK', message }))
    expect(() => instant('').read(text)).toThrow(message)
    const failure = `Failed to set the clock: "${text}" is no instant. ${message}`
    expect(() => mock({ now: text })).toThrow(failure)
    expect(() => createClock().freeze(text)).toThrow(failure)
  })

  it('is read again from what the mock writes, for every instant of the years 1 to 9999', () => {
    const [min, max] = [readInstant('0001-01-01T00:00:00Z'), readInstant('9999-12-31T23:59:59Z')]
    assert(
      property(integer({ min, max }), (milliseconds) => {
        expect(readInstant(toInstant(milliseconds))).toBe(milliseconds)
      }),
    )
  })

  it.each([
    ['null', null],
    ['an object', {}],
    ['a date that is none', new Date(Number.NaN)],
    ['a number that is none', Number.NaN],
    ['more than a number can be', Infinity],
    ['a number that no date has', 8.64e15 + 1],
    ['a year of five digits', Date.UTC(10_000, 0)],
  ])('is not %s', (_, value) => {
    expect(() => mock({ now: value as never })).toThrow('is no instant.')
    expect(() => createClock().freeze(value as never)).toThrow('is no instant.')
  })
})

describe('a clock', () => {
  it('tells what has passed to the millisecond, of an instant in any form that a world may have', () => {
    const now = Date.parse('2024-09-27T14:26:18.306Z')
    const clock = createClock('2024-09-27T14:26:18.306Z')
    const near = integer({ min: -3000, max: 3000 })
    const far = integer({ min: -1e13, max: 1e14 })
    const forms = [
      (iso: string) => iso,
      (iso: string) => iso.replace('Z', '999Z'),
      (iso: string) => iso.replace(/\.\d+/, ''),
      (iso: string) => `${iso.slice(0, 'YYYY-MM-DDTHH:MM'.length)}Z`,
      (iso: string) => iso.replace('Z', '+02:00'),
    ]
    assert(
      property(oneof(near, far), constantFrom(...forms), (distance, write) => {
        const text = write(new Date(now + distance).toISOString())
        expect([text, clock.hasPassed(text)]).toEqual([text, now > Date.parse(text)])
      }),
      { numRuns: runsOf(2000) },
    )
    expect(clock.hasPassed(null)).toBe(false)
  })

  it('that goes to 2100 and back leaves nothing of 2100 in any answer, nor does the time of the system', async () => {
    // At the end of a year two answers are of different ones.
    const now = vi.spyOn(Date, 'now').mockReturnValue(readInstant('2026-06-01T00:00:00Z'))
    const authentik = mock({ token: 'key' })
    const server = await serve(authentik, { port: 0 })
    // These tell of the time at which they are asked.
    const telling = /preview_user|events_(volume|per_month)|metrics|admin_system/
    const reads = authentik.operations.filter(({ id, method }) => method === 'GET' && !telling.test(id))
    // The document takes as long to write in YAML as all other answers do, and says the same in JSON.
    const paths = reads.map(
      ({ view: { path } }) => `/api/v3${path.replace(/\{\w+\}/, '2')}${path === '/schema/' ? '?format=json' : ''}`,
    )
    const readAll = () =>
      Promise.all(
        paths.flatMap((path) =>
          [authentik.fetch, fetch].map(async (read) => {
            const response = await read(server.url + path, { headers: { Authorization: 'Bearer key' } })
            return [path, response.status, response.headers.get('Date')?.slice(12, 16), await response.text()]
          }),
        ),
      )
    const start = await readAll()
    now.mockReturnValue(readInstant('2100-06-01T00:00:00Z'))
    const late = await readAll()
    now.mockReturnValue(readInstant('2026-06-01T00:00:00Z'))
    expect(await readAll()).toEqual(start)
    authentik.clock.freeze('2100-06-01T00:00:00Z')
    expect(await readAll()).toEqual(late)
    await authentik.reset()
    expect(await readAll()).toEqual(start)
    expect(late).not.toEqual(start)
    now.mockRestore()
    await server.close()
  })

  it.each([Number.NaN, Infinity, 8.64e15])('is not moved by %d, which leads to no instant', (milliseconds) => {
    const clock = createClock('2024-09-27T14:26:18Z')
    expect(() => clock.move(milliseconds)).toThrow('is no instant.')
    expect(clock.now()).toBe(readInstant('2024-09-27T14:26:18Z'))
  })

  it('is not moved by a text, which only the control API takes', () => {
    const clock = createClock('2024-09-27T14:26:18Z')
    expect(() => clock.move('+1h' as unknown as number)).toThrow(
      'Failed to move the clock: "+1h" is no number of milliseconds. Write one such as 61_000.',
    )
    expect(clock.now()).toBe(readInstant('2024-09-27T14:26:18Z'))
  })

  it('at the end of its years makes what ends with them', async () => {
    const authentik = mock({ now: '9999-12-31T00:00:00Z' })
    await authentik.ready
    const { Cookie } = await authentik.logIn('akadmin')
    const response = await authentik.fetch('http://localhost/api/v3/core/users/me/', { headers: { Cookie } })
    expect(response.status).toBe(200)
  })
})

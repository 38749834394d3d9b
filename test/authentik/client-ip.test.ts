/** An event and a session say whence somebody came, by an address that a database can keep. */
import { describe, expect, it } from 'vitest'
import { clientOf, readyMock } from '../support/client.ts'

const EVENTS = '/events/events/'
const body = { action: 'login', app: 'ci' }

describe.each(['2024.8.4', '2026.2.2'])('an event of %s', (release) => {
  const start = async () => clientOf(await readyMock({ release, token: 'key' }), { token: 'key' })

  it.each(['zzz', '1.2.3', '256.0.0.1', '1.2.3.4.5', '::1::'])('is not taken from %s', async (client_ip) => {
    const client = await start()
    const { status, json } = await client.send('POST', EVENTS, { ...body, client_ip })
    expect([status, json]).toEqual([400, { client_ip: ['Enter a valid IPv4 or IPv6 address.'] }])
    expect((await client.send('GET', `${EVENTS}?client_ip=${client_ip}`)).status).toBe(400)
  })

  it.each(['192.0.2.10', '2001:db8::1', null])('is taken from %s', async (client_ip) => {
    const client = await start()
    const { status, json } = await client.send('POST', EVENTS, { ...body, client_ip })
    expect([status, json['client_ip']]).toEqual([201, client_ip])
    if (client_ip === null) return
    const path = `${EVENTS}?client_ip=${client_ip.toUpperCase()}`
    expect((await client.send('GET', path)).json['results']).toMatchObject([{ client_ip }])
  })
})

it.each([
  ['192.0.2.10, 10.0.0.1', '192.0.2.10'],
  ['2001:DB8::1', '2001:db8::1'],
  ['unknown', '255.255.255.255'],
  ['192.0.2.10:4711', '255.255.255.255'],
  ['', '255.255.255.255'],
])('what a proxy says as "%s" is %s to the events', async (forwarded, address) => {
  const client = clientOf(await readyMock({ token: 'key' }), {
    token: 'key',
    headers: { 'X-Forwarded-For': forwarded },
  })
  await client.send('POST', '/core/groups/', { name: 'club' })
  const { json } = await client.send('GET', `${EVENTS}?action=model_created`)
  expect(json['results']).toMatchObject([{ client_ip: address }])
})

it('a world may have an event from anywhere, as the mock once wrote what a proxy said', async () => {
  const events = [{ app: 'ci', action: 'login', client_ip: 'unknown' }]
  const authentik = await readyMock({ world: { events } })
  expect([...authentik.world.events.values()]).toMatchObject([{ client_ip: 'unknown' }])
})

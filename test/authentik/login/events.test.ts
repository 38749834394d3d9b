/** What somebody does who logs in stands in events, until these expire. */
import { expect, it } from 'vitest'
import type { Mock } from '../../../src/entries/index.ts'
import { clientOf, readyMock, type Row } from '../../support/client.ts'
import { Browser } from '../../support/browser.ts'

const CALLBACK = 'http://localhost:5173/callback'
const QUERY = new URLSearchParams({
  client_id: 'spa',
  redirect_uri: CALLBACK,
  response_type: 'code',
  scope: 'openid email',
})
const DAY = 86_400_000

const open = (login: 'auto' | 'page' = 'page') =>
  readyMock({ token: 'key', release: '2026.2.2', login, now: '2030-01-01T00:00:00Z' })

const eventsOf = async (authentik: Mock, action: string): Promise<Row[]> =>
  (await clientOf(authentik, { token: 'key' }).get(`/events/events/?action=${action}`)).json.results

it('a client that gets its code is an event, with the application, the flow and the scopes', async () => {
  const authentik = await open('auto')
  const browser = new Browser(authentik)
  const { url } = await browser.open(`/application/o/authorize/?${QUERY}`)
  expect(url.searchParams.has('code')).toBe(true)
  const [event, ...rest] = await eventsOf(authentik, 'authorize_application')
  const application = [...authentik.world.applications.values()].find(({ slug }) => slug === 'spa')
  expect(rest).toEqual([])
  expect(event).toMatchObject({
    app: 'authentik.providers.oauth2.views.authorize',
    user: { username: 'akadmin' },
    expires: '2031-01-01T00:00:00Z',
    context: {
      flow: expect.stringMatching(/^[0-9a-f]{32}$/),
      scopes: 'openid email',
      http_request: { path: '/application/o/authorize/', method: 'GET' },
      authorized_application: {
        pk: application?.pk.replaceAll('-', ''),
        app: 'authentik_core',
        name: application?.name,
        model_name: 'application',
      },
    },
  })
  expect(Object.keys(event?.['context'])).toEqual(['flow', 'scopes', 'http_request', 'authorized_application'])
  const top = await clientOf(authentik, { token: 'key' }).get(
    '/events/events/top_per_user/?action=authorize_application',
  )
  expect(top.json).toMatchObject([{ application: { name: application?.name }, counted_events: 1, unique_users: 1 }])
})

it('a client that is refused is none', async () => {
  const authentik = await open('auto')
  await new Browser(authentik).open(`/application/o/authorize/?${QUERY}&prompt=none`)
  expect(await eventsOf(authentik, 'authorize_application')).toEqual([])
})

it('who logs out is an event, once', async () => {
  const authentik = await open('auto')
  const browser = new Browser(authentik)
  await browser.open(`/application/o/authorize/?${QUERY}`)
  await browser.open('/if/flow/default-invalidation-flow/')
  const events = await eventsOf(authentik, 'logout')
  expect(events.map(({ app, user }) => [app, user.username])).toEqual([['authentik.events.signals', 'akadmin']])
})

it('an event is deleted at the first of the minutes of the clean-up after it expired, whoever wrote it', async () => {
  const authentik = await open('auto')
  await new Browser(authentik).open(`/application/o/authorize/?${QUERY}`)
  const api = clientOf(authentik, { token: 'key' })
  const expires = '2030-01-01T01:00:00Z'
  const { pk } = (await api.post('/events/events/', { action: 'custom_', app: 'ci', expires })).json
  authentik.clock.move(59 * 60_000)
  expect((await api.get(`/events/events/${pk}/`)).status).toBe(200)
  authentik.clock.move(4 * 60_000)
  expect((await api.get(`/events/events/${pk}/`)).status).toBe(404)
  expect((await eventsOf(authentik, 'login')).length).toBe(1)
  authentik.clock.move(365 * DAY)
  await api.get('/core/users/me/')
  expect([...authentik.world.events.values()]).toEqual([])
})

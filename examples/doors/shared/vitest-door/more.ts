/** What the page of the door shows beside its first test. */
import { control } from 'authentik-mock/control'
import { mock } from 'authentik-mock'
import { setupAuthentikMock } from 'authentik-mock/vitest'
import { http, HttpResponse } from 'msw'
import { expect, it } from 'vitest'

const inbox = http.get('https://mail.company/inbox', () => HttpResponse.json([]))
const authentik = setupAuthentikMock({ origin: 'https://authentik.company', handlers: [inbox], login: 'auto' })
const API = 'https://authentik.company/api/v3'

it('tells what was asked', async () => {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${authentik.tokens().superuser}` }
  const body = JSON.stringify({ username: 'mary', name: 'Mary', attributes: { team: 3 } })
  await fetch(`${API}/core/users/`, { method: 'POST', headers, body })
  await fetch(`${API}/core/users/?search=mary&page=1`, { headers })
  const token = { method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token' }) }
  await fetch('https://authentik.company/application/o/token/', token)

  expect(authentik).toHaveBeenAsked('core_users_create', { body: { attributes: { team: expect.any(Number) } } })
  expect(authentik).toHaveBeenAsked('core_users_list', { query: { page: 1 }, user: 'akadmin', status: 200, times: 1 })
  expect(authentik).toHaveBeenAsked({ method: 'POST', path: '/application/o/token/' }, { status: 400 })
  expect(authentik).not.toHaveBeenAsked('core_users_destroy')
})

it('says what a value is like', async () => {
  const headers = { Authorization: `Bearer ${authentik.tokens().superuser}` }
  const page = await (await fetch(`${API}/core/users/`, { headers })).json()

  expect(page).toMatchComponent('PaginatedUserList')
  expect(page.results[0]).toMatchComponent('User', { release: '2024.8', exact: true })
  expect(page).toEqual(expect.objectContaining({ pagination: expect.toMatchComponent('Pagination') }))
})

it('takes a mock of your own', async () => {
  const own = control(mock())
  await own.fetch('/api/v3/root/config/')
  expect(own).toHaveBeenAsked('root_config_retrieve')
})

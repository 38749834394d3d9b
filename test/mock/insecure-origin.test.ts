/** A page of an insecure origin, such as http://app.test, has no crypto.randomUUID, and the mock is whole there too. */
import { afterEach, expect, it, vi } from 'vitest'
import { clientOf, readyMock, worldOf } from '../support/client.ts'

const NOW = '2024-09-27T14:26:18.306Z'

afterEach(() => vi.unstubAllGlobals())

it.each([
  ['none at all', undefined],
  ['no randomUUID and no subtle', { getRandomValues: () => {} }],
])(
  'the world is that of a secure origin where crypto has %s: rows are made, changed and deleted',
  async (_, crypto) => {
    const change = async () => {
      const authentik = await readyMock({ token: 'key', now: NOW })
      const client = clientOf(authentik, { token: 'key' })
      const created = await client.post('/core/applications/', { name: 'New', slug: 'new' })
      await client.patch('/core/applications/new/', { name: 'Newer', meta_publisher: 'Acme' })
      await client.delete('/oauth2/authorization_codes/1/')
      await authentik.world.groups.create({ name: 'a group', is_superuser: true })
      await authentik.world.users.delete(2)
      return [created.status, worldOf(authentik)]
    }
    const expected = await change()
    vi.stubGlobal('crypto', crypto)
    expect(await change()).toEqual(expected)
    expect(expected[0]).toBe(201)
  },
)

/** A domain has one brand: the serializer sees to it, and says so as of a user's name. */
import { expect, it } from 'vitest'
import { clientOf, readyMock } from '../../support/client.ts'

it.each(['2024.8.4', '2025.8.6', '2026.8.3'])('the domain of a brand is one of its own in %s', async (release) => {
  const client = clientOf(await readyMock({ release, token: 'key' }), { token: 'key' })
  const refusal = { status: 400, json: { domain: ['This field must be unique.'] } }
  expect((await client.post('/core/brands/', { domain: 'a.example' })).status).toBe(201)
  expect(await client.post('/core/brands/', { domain: 'a.example' })).toMatchObject(refusal)
  const { json } = await client.post('/core/brands/', { domain: 'b.example' })
  expect(await client.patch(`/core/brands/${json.brand_uuid}/`, { domain: 'a.example' })).toMatchObject(refusal)
})

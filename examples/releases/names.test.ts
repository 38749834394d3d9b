/** The consumer understands every release of authentik that it supports. */
import { describe, expect, it } from 'vitest'
import { mock } from 'authentik-mock'
import { holders } from './names.ts'

const SUPPORTED = [
  '2024.2.4',
  '2024.4.4',
  '2024.6.5',
  '2024.8.3',
  '2024.10.5',
  '2024.12.5',
  '2025.2.4',
  '2025.4.4',
  '2025.6.4',
  '2025.8.6',
  '2025.10.4',
  '2025.12.6',
  '2026.2.3',
  '2026.5.6',
  '2026.8.3',
]

describe.each(SUPPORTED)('with authentik %s', (release) => {
  const authentik = mock({ release, token: 'key', codes: 150, now: '2024-09-27T14:26:18Z' })

  it('names everybody who holds a valid code, over all pages', async () => {
    const people = await holders((path) =>
      authentik.fetch(new Request(`https://authentik.test${path}`, { headers: { Authorization: 'Bearer key' } })),
    )
    expect(people.length).toBeGreaterThan(4)
    expect(people.find(({ name }) => name === 'authentik Default Admin')?.groups).toEqual(['authentik Admins'])
  })

  it('fails with the status when the token is refused', async () => {
    await expect(
      holders((path) =>
        authentik.fetch(new Request(`https://authentik.test${path}`, { headers: { Authorization: 'Bearer nope' } })),
      ),
    ).rejects.toThrow('authentik answered 403')
  })
})

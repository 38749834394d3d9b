/** Tests that ask for what has no answer. */
import { setupAuthentikMock } from 'authentik-mock/vitest'
import { expect, it } from 'vitest'

const authentik = setupAuthentikMock({ token: 'my-token' })
const ask = (path: string) =>
  fetch(`https://authentik.company/api/v3${path}`, { headers: { Authorization: 'Bearer my-token' } })

it('asks for what nobody has', async () => {
  await expect(ask('/core/userz/?search=mary')).rejects.toThrow(TypeError)
})

it('asks for what the mock has not', async () => {
  expect((await ask('/managed/blueprints/')).status).toBe(501)
})

it('forgets the final slash', async () => {
  expect((await ask('/core/users/1')).status).toBe(404)
})

it('clears the journal of what it asked', async () => {
  await expect(ask('/core/userz/')).rejects.toThrow(TypeError)
  authentik.journal.clear()
})

it('asks for what is there', async () => {
  expect((await ask('/core/users/')).status).toBe(200)
})

it('fails by itself', async () => {
  expect((await ask('/core/userz/')).status).toBe(200)
})

let forgotten: Promise<unknown>
it('does not await what it asks', () => {
  forgotten = new Promise((resolve) => setTimeout(resolve, 50)).then(() => ask('/core/forgotten/'))
  expect(authentik).toHaveNoWrites()
})

it('comes after it', async () => {
  await expect(forgotten).rejects.toThrow(TypeError)
})

/** What the compiler says of the matchers. */
import { setupAuthentikMock } from 'authentik-mock/vitest'
import { expect, expectTypeOf, it } from 'vitest'

const authentik = setupAuthentikMock()

it('a matcher takes the names that authentik has', () => {
  expect(authentik).not.toHaveBeenAsked('core_users_list', { query: { page: expect.any(Number) }, times: 1 })
  expect(authentik).not.toHaveBeenAsked({ method: 'POST', path: '/application/o/token/' })
  expect({ detail: 'No.' }).toEqual(expect.toMatchComponent('GenericError'))
  expectTypeOf(authentik.world.users.size).toBeNumber()
})

it('a matcher takes no other, and says which is nearest', async () => {
  // @ts-expect-error there is no such operation
  expect(() => expect(authentik).toHaveBeenAsked('core_user_list')).toThrow('the nearest is core_users_list')
  // @ts-expect-error there is no such component
  expect(() => expect({}).toMatchComponent('Users')).toThrow('the nearest is User')
  // @ts-expect-error there is no such field
  expect(() => expect(authentik).toHaveBeenAsked('core_users_list', { param: {} })).toThrow('the nearest is params')
  await expect(Promise.resolve({ detail: 'No.' })).resolves.toMatchComponent('GenericError')
})

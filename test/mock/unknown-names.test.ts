/** What a world says of names that nobody has there. */
import { expect, it } from 'vitest'
import { control } from '../../src/entries/control.ts'
import { mock, type MockOptions } from '../../src/entries/index.ts'
import { cpuOf, leastOf } from '../support/cost.ts'

const WORLD = {
  users: [{ username: 'ann' }],
  scope_mappings: [{ scope_name: 'shop', name: 'Shop roles' }],
  applications: [{ slug: 'shop' }],
}

/** What the log hears of a world. */
async function heardOf(more: object, options: MockOptions = {}) {
  const heard: string[] = []
  const authentik = mock({ world: { ...WORLD, ...more }, ...options, log: (message) => heard.push(message) })
  await authentik.ready
  return { authentik, heard }
}

it('is said in the log, each with the nearest, because it has no effect until somebody is called so', async () => {
  const { heard } = await heardOf({
    permissions: { anm: ['view_user'] },
    passwords: { bob: 'secret' },
    claims: { shpo: { role: 'buyer' } },
  })
  expect(heard).toEqual([
    'The world says permissions of "anm", which have no effect: it has no user of that name; the nearest is ann.',
    'The world says passwords of "bob", which have no effect: it has no user of that name; the nearest is ann.',
    'The world says claims of "shpo", which have no effect: it has no scope mapping of that name; the nearest is shop.',
  ])
})

it('is not said of names that are there, or that authentik gives a user who comes later', async () => {
  const { heard } = await heardOf({
    permissions: { ann: ['view_user'], 'ak-CI-client_credentials': ['view_user'] },
    passwords: { ann: 'secret' },
    claims: { shop: { role: 'buyer' }, 'Shop roles': {}, openid: {} },
  })
  expect(heard).toEqual([])
})

it('is said once, also where a reset begins anew, and has an effect for who comes later', async () => {
  const api_tokens = [{ user: 'ann', key: 'key', expires: '+1d' }]
  const { authentik, heard } = await heardOf({ api_tokens, permissions: { bob: ['view_user'] } })
  await authentik.reset()
  await authentik.reset()
  expect(heard).toHaveLength(1)
  expect(authentik.world.permissions).toEqual({ bob: ['view_user'] })
})

it('is said of a world that extends the default one, and of one that comes by the control API', async () => {
  const { authentik, heard } = await heardOf({}, { world: { extends: 'default', passwords: { akadmim: 'x' } } })
  expect(heard).toEqual([expect.stringContaining('passwords of "akadmim"')])
  const controlled = control(authentik)
  const send = (method: string, body: object) =>
    controlled.fetch('http://authentik.test/-/mock/api/world/', {
      method,
      headers: { Authorization: `Bearer ${controlled.control.token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
  expect((await send('PATCH', { passwords: { zoe: 'x' } })).status).toBe(204)
  expect(heard[1]).toContain('passwords of "zoe"')
  expect((await send('PUT', { ...WORLD, passwords: { bob: 'x' } })).status).toBe(204)
  expect(heard[2]).toContain('passwords of "bob"')
})

it('names the first twenty, and counts the others, so that thousands of them cost no more than their rows', async () => {
  const numbers = Array.from({ length: 4000 }, (_, index) => index)
  const users = numbers.map((number) => ({ username: `user-of-the-world-${number}` }))
  const claims = Object.fromEntries(numbers.map((number) => [`nobody-of-the-world-${number}`, {}]))
  const passwords = Object.fromEntries(numbers.map((number) => [`nobody-of-the-world-${number}`, 'secret']))
  const measure = async () => {
    const load = (more: object) => async () => {
      const { heard } = await heardOf({ users, ...more })
      return heard
    }
    const bare = await cpuOf(load({}))
    return (await cpuOf(load({ claims, passwords }))) - bare
  }
  const { heard } = await heardOf({ users, claims, passwords })
  expect(heard).toHaveLength(42)
  expect(heard[20]).toBe('The world says passwords of 3980 more, which have no effect: it has no user of their names.')
  expect(await leastOf(1000, measure)).toBeLessThan(1000)
})

/** The pictures of users who have none of their own. */
import { describe, expect, it } from 'vitest'
import { mock } from '../../src/mock/mock.ts'
import { clientOf, type Row } from '../support/client.ts'
import { adminOf, recordedWorld, recordedWorldOf } from '../support/recordings.ts'

const WORLDS = ['2024.8.4', '2026.2.2', 'next-2024.8.4', 'next-2026.2.2', 'login-2024.8.4', 'login-2026.2.2']
const withoutPictures = (users: readonly Row[]) => users.map((user) => ({ ...user, avatar: undefined }))
const picturesIn = (users: readonly Row[]) => Object.fromEntries(users.map((user) => [user['name'], user['avatar']]))
const textOf = (avatar: string) => atob(avatar.slice(avatar.indexOf(',') + 1))

async function pictureOf(user: Row): Promise<string> {
  const authentik = mock({ world: { ...recordedWorld, users: [...recordedWorld.users, { pk: 100, ...user }] } })
  return (await adminOf(authentik).get('/core/users/100/')).json['avatar']
}

describe('a user without a picture', () => {
  it.each(WORLDS)('has the one that authentik drew, as recorded in the world of %s', async (name) => {
    const world = recordedWorldOf(name)
    const authentik = mock({ world: { ...world, users: withoutPictures(world.users) } })
    const { json } = await clientOf(authentik, { as: 'seed-akadmin' }).get('/core/users/?page_size=100')
    const recorded = picturesIn(world.users)
    expect(picturesIn(json['results'])).toEqual(recorded)
    expect(Object.keys(recorded).length).toBeGreaterThan(6)
  })

  it('is drawn by the username where there is no name', async () => {
    const picture = await pictureOf({ username: 'next-2', name: '' })
    expect(textOf(picture)).toContain('fill="#4c3757"')
    expect(textOf(picture)).toContain('>NE</text>')
  })

  it.each([
    ['&&', '&amp;&amp;'],
    ['<b> <i>', '&lt;&lt;'],
    ['😀 😀', '&#128512;&#128512;'],
    ['  x  ', 'X'],
  ])('called %j has letters that are no markup', async (name, letters) => {
    expect(textOf(await pictureOf({ username: 'u', name }))).toContain(`>${letters}</text>`)
  })
})

it('a picture of their own stays what it is, and one that authentik drew follows the name', async () => {
  const drawn = await pictureOf({ username: 'u', name: 'Alice Example' })
  expect(await pictureOf({ username: 'u', name: 'Bob Example', avatar: 'https://example.com/b.png' })).toBe(
    'https://example.com/b.png',
  )
  expect(await pictureOf({ username: 'u', name: 'Bob Example', avatar: drawn })).toBe(
    await pictureOf({ username: 'u', name: 'Bob Example' }),
  )
})

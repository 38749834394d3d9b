/** The fixtures are what the default world gives. Bring them up to date with `npm run update`. */
import { describe, expect, it } from 'vitest'
import * as fixtures from '../../src/entries/fixtures.ts'
import { mock } from '../../src/entries/index.ts'
import { inRoot } from '../support/files.ts'

const own = mock({ now: fixtures.now })
const ask = async (path: string, key?: string) =>
  (
    await own.fetch(
      new Request(
        `http://localhost/api/v3/oauth2/authorization_codes/${path}`,
        key ? { headers: { Authorization: `Bearer ${key}` } } : {},
      ),
    )
  ).json()
const file = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

describe('the fixtures', () => {
  it('hold the default world', async () => {
    await own.ready
    await expect(file(own.world)).toMatchFileSnapshot(inRoot('fixtures/world.json'))
  })

  it('hold what a superuser gets for each of its codes', async () => {
    await own.ready
    const pks = [...own.world.named('authorization_codes').all()].map((row) => row.pk)
    await expect(file(await Promise.all(pks.map((pk) => ask(`${pk}/`, own.tokens().superuser))))).toMatchFileSnapshot(
      inRoot('fixtures/authorization_codes.json'),
    )
  })

  it('hold the bodies of the other answers', async () => {
    await own.ready
    const { superuser } = own.tokens()
    const problems = {
      400: { filter_invalid: await ask('1/?user=abc', superuser) },
      403: { credentials_missing: await ask('1/'), credentials_refused: await ask('1/', 'nope') },
      404: { not_found: await ask('999999/', superuser) },
    }
    await expect(file(problems)).toMatchFileSnapshot(inRoot('fixtures/problems.json'))
  })

  it('are ready to import, and make the same mock', async () => {
    const from = mock({ world: fixtures.world, now: fixtures.now })
    await from.ready
    expect(JSON.stringify(from.world)).toBe(JSON.stringify(fixtures.world))
    expect(fixtures.authorizationCodes[0]).toMatchObject({ pk: 1, is_expired: false })
    expect(fixtures.problems[404].not_found).toEqual({ detail: 'Not found.' })
  })
})

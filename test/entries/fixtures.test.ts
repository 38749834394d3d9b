/** The fixtures are what the default world gives. Bring them up to date with `npm run update`. */
import { describe, expect, it } from 'vitest'
import * as fixtures from '../../src/entries/fixtures.ts'
import { mock } from '../../src/entries/index.ts'
import { clientOf, rowsOf, type RequestOptions } from '../support/client.ts'
import { inRoot } from '../support/files.ts'

const authentik = mock({ now: fixtures.now })
const client = clientOf(authentik)
const superuser = { as: 'authentik-bootstrap-token' }
const readCode = async (path: string, options?: RequestOptions) =>
  (await client.get(`/oauth2/authorization_codes/${path}`, options)).json
const file = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

describe('the fixtures', () => {
  it('hold the default world', async () => {
    await authentik.ready
    await expect(file(authentik.world)).toMatchFileSnapshot(inRoot('fixtures/world.json'))
  })

  it('hold what a superuser gets for each of its codes', async () => {
    await authentik.ready
    const codes = rowsOf(authentik, 'authorization_codes').list()
    const answers = await Promise.all(codes.map(({ pk }) => readCode(`${pk}/`, superuser)))
    await expect(file(answers)).toMatchFileSnapshot(inRoot('fixtures/authorization_codes.json'))
  })

  it('hold the bodies of the answers that are not 200', async () => {
    await authentik.ready
    const problems = {
      400: { filter_invalid: await readCode('1/?user=abc', superuser) },
      403: { credentials_missing: await readCode('1/'), credentials_refused: await readCode('1/', { token: 'nope' }) },
      404: { not_found: await readCode('999999/', superuser) },
    }
    await expect(file(problems)).toMatchFileSnapshot(inRoot('fixtures/problems.json'))
  })

  it('can be imported, and make the same mock', async () => {
    const copy = mock({ world: fixtures.world, now: fixtures.now })
    await copy.ready
    expect(JSON.stringify(copy.world)).toBe(JSON.stringify(fixtures.world))
    expect(fixtures.authorizationCodes[0]).toMatchObject({ pk: 1, is_expired: false })
    expect(fixtures.problems[404].not_found).toEqual({ detail: 'Not found.' })
  })
})

/** In the documented voice every operation answers what it documents, and one thing is the same wherever it is read. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mock, type Mock, type Operation } from '../../src/entries/index.ts'

const NOW = '2024-09-27T14:26:18.306Z'

const made = async (seed: number) => {
  const own = mock({ seed, codes: 8, now: NOW, token: 'key' })
  await own.ready
  return own
}

async function send(own: Mock, method: string, path: string, body?: object, key = 'key') {
  const headers = {
    Authorization: `Bearer ${key}`,
    Accept: 'application/json',
    ...(body ? { 'Content-Type': 'application/json' } : {}),
  }
  const response = await own.fetch(
    new Request(`http://localhost/api/v3${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) }),
  )
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

/** The rows that an operation's path can name. */
const NAMED_BY: Record<string, [rows: string, field: string]> = {
  '/oauth2/authorization_codes/{id}/': ['authorization_codes', 'pk'],
  '/oauth2/access_tokens/{id}/': ['access_tokens', 'pk'],
  '/oauth2/refresh_tokens/{id}/': ['refresh_tokens', 'pk'],
  '/core/users/{id}/': ['users', 'pk'],
  '/core/groups/{group_uuid}/': ['groups', 'pk'],
  '/core/applications/{slug}/': ['applications', 'slug'],
  '/providers/oauth2/{id}/': ['providers', 'pk'],
}

/** Every path on which an operation stands in a world. */
function pathsOf(own: Mock, { view }: Operation): string[] {
  if (!view.path.includes('{')) return [view.path]
  const [prefix, [rows, field]] = Object.entries(NAMED_BY).find(([path]) => view.path.startsWith(path))!
  const [before, after] = [prefix.slice(0, prefix.indexOf('{')), view.path.slice(prefix.length - 1)]
  return [...own.world.named(rows).all()].map((row) => `${before}${row[field]}${after}`)
}

const bodyFor = ({ method, body }: Operation, own: Mock, number: number) => {
  if (!body) return undefined
  const [provider] = [...own.world.named('providers').all()]
  return method === 'PATCH'
    ? { name: `Changed ${number}` }
    : { name: `${method} ${number}`, authorization_flow: provider.authorization_flow }
}

/** Reads first; what deletes comes last, what is deleted with others before those. */
const inOrder = (operations: readonly Operation[]) => {
  const rank = ({ method, view }: Operation) =>
    method === 'GET' ? 0 : method === 'DELETE' ? 2 + Object.keys(NAMED_BY).indexOf(view.path) : 1
  return operations.toSorted((a, b) => rank(a) - rank(b))
}

describe('every operation, for any seed', () => {
  it('answers what it documents, also when it refuses', async () => {
    const { operations } = mock()
    const answered = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const own = await made(seed)
        for (const operation of inOrder(own.operations)) {
          for (const [number, path] of pathsOf(own, operation).entries()) {
            // The caller, and the group that makes them a superuser, are still needed.
            const [ownGroup] = own.world.named('users').get(1).groups
            if (operation.method === 'DELETE' && ['/core/users/1/', `/core/groups/${ownGroup}/`].includes(path))
              continue
            const { status, body } = await send(own, operation.method, path, bodyFor(operation, own, number))
            const isDocumented = status in operation.responses
            expect([operation.id, path, isDocumented]).toEqual([operation.id, path, true])
            const schema = operation.responses[status]
            expect(schema ? schema.parse(body) : undefined).toEqual(status === 404 ? undefined : body)
            if (status === operation.status) answered.add(operation.id)
          }
          const refused = await send(
            own,
            operation.method,
            pathsOf(own, operation)[0] ?? operation.view.path,
            bodyFor(operation, own, 0),
            'nobody',
          )
          expect(operation.responses[403]!.parse(refused.body)).toEqual(refused.body)
          expect(refused).toEqual({ status: 403, body: { detail: 'Token invalid/expired' } })
        }
      }),
      { numRuns: 40 },
    )
    expect([...answered].sort()).toEqual(operations.map(({ id }) => id).sort())
  })

  it('says 400 in the form that it documents', async () => {
    const own = await made(1)
    for (const path of [
      '/oauth2/authorization_codes/?user=x',
      '/core/users/?uuid=x',
      '/providers/oauth2/?client_type=x',
      '/core/tokens/?intent=x',
    ]) {
      const { status, body } = await send(own, 'GET', path)
      const operation = own.operations.find(({ view, method }) => method === 'GET' && path.startsWith(`${view.path}?`))!
      expect([status, operation.responses[400]!.parse(body)]).toEqual([400, body])
    }
  })
})

describe('one thing, read through different endpoints, for any seed,', () => {
  /** What two readings of one thing share has to be the same. */
  const agree = (one: any, other: any) => {
    const shared = Object.keys(one).filter((key) => key in other)
    expect(shared.length).toBeGreaterThan(2)
    expect(Object.fromEntries(shared.map((key) => [key, one[key]]))).toEqual(
      Object.fromEntries(shared.map((key) => [key, other[key]])),
    )
  }

  it('is the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const own = await made(seed)
        const read = async (path: string) => (await send(own, 'GET', path)).body
        for (const family of ['authorization_codes', 'access_tokens', 'refresh_tokens']) {
          for (const grant of (await read(`/oauth2/${family}/`)).results) {
            expect(await read(`/oauth2/${family}/${grant.pk}/`)).toEqual(grant)
            agree(grant.provider, await read(`/providers/oauth2/${grant.provider.pk}/`))
            agree(grant.user, await read(`/core/users/${grant.user.pk}/`))
          }
        }
        for (const user of (await read('/core/users/')).results) {
          for (const group of user.groups_obj) {
            const whole = await read(`/core/groups/${group.pk}/`)
            agree(group, whole)
            agree(
              whole.users_obj.find((member: any) => member.pk === user.pk),
              user,
            )
          }
        }
        for (const application of (await read('/core/applications/')).results) {
          expect(await read(`/core/applications/${application.slug}/`)).toEqual(application)
          if (application.provider_obj)
            agree(application.provider_obj, await read(`/providers/oauth2/${application.provider}/`))
        }
        for (const token of (await read('/core/tokens/')).results)
          agree(token.user_obj, await read(`/core/users/${token.user}/`))
        const me = (await read('/core/users/me/')).user
        agree({ ...me, groups: me.groups.map((group: any) => group.pk) }, await read(`/core/users/${me.pk}/`))
      }),
      { numRuns: 40 },
    )
  })
})

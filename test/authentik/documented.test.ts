/** With the fidelity `documented`, every operation answers what it documents, and a row is the same wherever it is read. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mock, type Mock, type Operation } from '../../src/entries/index.ts'
import { clientOf, readyMock, rowsOf, type Row } from '../support/client.ts'
import { runsOf } from '../support/tier.ts'

const seededMock = (seed: number) => readyMock({ seed, codes: 8, now: '2024-09-27T14:26:18.306Z', token: 'key' })
const superuserOf = (authentik: Mock) => clientOf(authentik, { token: 'key', headers: { Accept: 'application/json' } })

/** The rows that an operation's path can name. */
const NAMED_BY: Record<string, [rows: string, field: string]> = {
  '/oauth2/authorization_codes/{id}/': ['authorization_codes', 'pk'],
  '/oauth2/access_tokens/{id}/': ['access_tokens', 'pk'],
  '/oauth2/refresh_tokens/{id}/': ['refresh_tokens', 'pk'],
  '/core/users/{id}/': ['users', 'pk'],
  '/core/groups/{group_uuid}/': ['groups', 'pk'],
  '/core/applications/{slug}/': ['applications', 'slug'],
  '/providers/oauth2/{id}/': ['providers', 'pk'],
  '/flows/instances/{slug}/': ['flows', 'slug'],
  '/crypto/certificatekeypairs/{kp_uuid}/': ['certificates', 'pk'],
}

/** Every path on which an operation stands in a world. */
function pathsOf(authentik: Mock, { view }: Operation): string[] {
  if (!view.path.includes('{')) return [view.path]
  return Object.entries(NAMED_BY)
    .filter(([path]) => view.path.startsWith(path))
    .flatMap(([path, [rows, field]]) =>
      rowsOf(authentik, rows)
        .list()
        .map((row) => view.path.replace(path, path.replace(/\{\w+\}/, row[field]))),
    )
}

const bodyFor = ({ id, method, body, tag }: Operation, authentik: Mock, number: number) => {
  if (!body) return undefined
  const text = `${method.toLowerCase()}-${number}-${id.length}`
  if (id.startsWith('core_tokens')) return { identifier: text }
  // What a PUT says of no groups or members, it says of none, and somebody has to stay a superuser.
  const users = rowsOf(authentik, 'users').list()
  if (id.startsWith('core_users'))
    return method === 'PATCH' ? { name: text } : { username: text, name: text, groups: users[number]?.groups }
  if (id === 'core_groups_update') {
    const group = rowsOf(authentik, 'groups').list()[number]?.pk
    return { name: text, users: users.filter(({ groups }) => groups.includes(group)).map(({ pk }) => pk) }
  }
  if (method === 'PATCH') return { name: `Changed ${number}` }
  // Without a provider an application shows none, which is documented otherwise.
  if (tag === 'core')
    return {
      name: `${method} ${number}`,
      slug: `${method.toLowerCase()}-${number}`,
      ...(method === 'POST' ? { provider: 4 } : {}),
    }
  const [provider] = rowsOf(authentik, 'providers').list()
  return { name: `${method} ${number}`, authorization_flow: provider?.authorization_flow }
}

/** Operations with those that read first and those that delete last: a row is deleted before the rows that take it along. */
const inOrder = (operations: readonly Operation[]) => {
  const rank = ({ method, view }: Operation) =>
    method === 'GET' ? 0 : method === 'DELETE' ? 2 + Object.keys(NAMED_BY).indexOf(view.path) : 1
  return operations.toSorted((first, second) => rank(first) - rank(second))
}

describe('every operation, for any seed', () => {
  it('answers in the form that it documents, also when it refuses a caller', async () => {
    // What manages authentik needs a world for it.
    const operations = mock().operations.filter(({ manages }) => !manages)
    const answered = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const authentik = await seededMock(seed)
        const client = superuserOf(authentik)
        for (const operation of inOrder(authentik.operations.filter(({ manages }) => !manages))) {
          const { id, method, responses } = operation
          const paths = pathsOf(authentik, operation)
          for (const [number, path] of paths.entries()) {
            // The caller, and the group that makes them a superuser, are still needed.
            const [group] = rowsOf(authentik, 'users').get(1).groups
            if (method === 'DELETE' && ['/core/users/1/', `/core/groups/${group}/`].includes(path)) continue
            const { status, json } = await client.send(method, path, bodyFor(operation, authentik, number))
            const isDocumented = status in responses
            expect([id, path, isDocumented]).toEqual([id, path, true])
            const schema = responses[status]
            expect(schema ? schema.parse(json) : undefined).toEqual(status === 404 ? undefined : json)
            if (status === operation.status) answered.add(id)
          }
          const body = bodyFor(operation, authentik, 0)
          const refusal = await client.send(method, paths[0] ?? operation.view.path, body, { token: 'nobody' })
          expect(responses[403]?.parse(refusal.json)).toEqual(refusal.json)
          expect([refusal.status, refusal.json]).toEqual([403, { detail: 'Token invalid/expired' }])
        }
      }),
      { numRuns: runsOf(40) },
    )
    expect([...answered].sort()).toEqual(operations.map(({ id }) => id).sort())
  })

  it('refuses a wrong filter with 400 in the form that it documents', async () => {
    const authentik = await seededMock(1)
    for (const path of [
      '/oauth2/authorization_codes/?user=x',
      '/core/users/?uuid=x',
      '/providers/oauth2/?client_type=x',
      '/core/tokens/?intent=x',
    ]) {
      const { status, json } = await superuserOf(authentik).get(path)
      const operation = authentik.operations.find(
        ({ view, method }) => method === 'GET' && path.startsWith(`${view.path}?`),
      )
      expect([status, operation?.responses[400]?.parse(json)]).toEqual([400, json])
    }
  })
})

describe('a row, read through different endpoints, for any seed,', () => {
  /** The fields that two answers about one row share have to be equal. */
  const expectAgreement = (first: Row, second: Row) => {
    const shared = Object.keys(first).filter((key) => key in second)
    expect(shared.length).toBeGreaterThan(2)
    expect(Object.fromEntries(shared.map((key) => [key, first[key]]))).toEqual(
      Object.fromEntries(shared.map((key) => [key, second[key]])),
    )
  }

  it('is the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const client = superuserOf(await seededMock(seed))
        const read = async (path: string) => (await client.get(path)).json
        for (const family of ['authorization_codes', 'access_tokens', 'refresh_tokens']) {
          for (const grant of (await read(`/oauth2/${family}/`)).results) {
            expect(await read(`/oauth2/${family}/${grant.pk}/`)).toEqual(grant)
            expectAgreement(grant.provider, await read(`/providers/oauth2/${grant.provider.pk}/`))
            expectAgreement(grant.user, await read(`/core/users/${grant.user.pk}/`))
          }
        }
        for (const user of (await read('/core/users/')).results) {
          for (const group of user.groups_obj) {
            const whole = await read(`/core/groups/${group.pk}/`)
            expectAgreement(group, whole)
            expectAgreement(
              whole.users_obj.find((member: Row) => member.pk === user.pk),
              user,
            )
          }
        }
        for (const application of (await read('/core/applications/')).results) {
          expect(await read(`/core/applications/${application.slug}/`)).toEqual(application)
          if (application.provider_obj)
            expectAgreement(application.provider_obj, await read(`/providers/oauth2/${application.provider}/`))
        }
        for (const token of (await read('/core/tokens/')).results)
          expectAgreement(token.user_obj, await read(`/core/users/${token.user}/`))
        const me = (await read('/core/users/me/')).user
        expectAgreement({ ...me, groups: me.groups.map((group: Row) => group.pk) }, await read(`/core/users/${me.pk}/`))
      }),
      { numRuns: runsOf(40) },
    )
  })
})

/** Each component that a release answers with has a matcher, which asks for what is documented. */
import { MatchersV3 } from '@pact-foundation/pact'
import { describe, expect, it } from 'vitest'
import { forRelease, interactions, like, type Answers, type Template } from '../../../src/entries/pact.ts'
import { componentsOf } from '../../../src/rest/deviation.ts'
import { mock } from '../../../src/mock/mock.ts'
import { toComponents, type Fragment } from '../../../src/schema/words.ts'
import { findRelease } from '../../../src/authentik/releases/index.ts'
import { triedReleases } from '../../support/tier.ts'

const reify = (template: object) => MatchersV3.reify(template as never) as any

/** Returns a function that reads a fragment through its references, as OpenAPI does. */
const reader = (components: Record<string, Fragment>) =>
  function read(fragment: Fragment): any {
    const [part] = (fragment['allOf'] as Fragment[] | undefined) ?? []
    if (part) return { ...read(part), ...fragment }
    return fragment['$ref'] ? components[String(fragment['$ref']).replace(/.*\//, '')] : fragment
  }

const SAMPLES: Record<string, unknown> = {
  uuid: '11111111-2222-3333-4444-555555555555',
  'date-time': '2030-01-01T00:00:00Z',
  email: 'a@example.com',
  uri: '',
  integer: 7,
  number: 7.5,
  boolean: true,
  string: 'some',
  array: [],
  object: {},
}
const sampleOf = ({ enum: values, format, type }: any) => values?.at(-1) ?? SAMPLES[format] ?? SAMPLES[type]

/** Returns the rules of a matcher, which has one or several. */
const rulesOf = (matcher: any): any[] =>
  Array.isArray(matcher['pact:matcher:type']) ? matcher['pact:matcher:type'] : [matcher]
/** Reduces each list to its first item, as an example has it. Any list matches an empty one. */
const withFirstOnly = (value: any): any => {
  if (Array.isArray(value)) return value.length ? [withFirstOnly(value[0])] : expect.any(Array)
  return value && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withFirstOnly(member)]))
    : value
}

/** Tells whether a matcher asks for all that is documented of its key. */
function keeps(matcher: any, { type, enum: values, format, nullable = false, items, properties }: any): boolean {
  if (properties && !nullable) return reify(matcher) !== null
  const rules = rulesOf(matcher).filter((rule) => rule['pact:matcher:type'] !== 'null')
  const [{ 'pact:matcher:type': kind, min, regex }] = rules
  if (nullable !== rules.length < rulesOf(matcher).length) return false
  if (nullable && (items || properties)) return kind === 'regex'
  if (items) return kind === 'type' && min === 0
  if (values) return regex.slice(4, -2).replaceAll('\\', '') === values.join('|')
  if (!(format in SAMPLES)) return kind === (type === 'integer' || type === 'number' ? type : 'type')
  const pattern = new RegExp(rules[format === 'email' ? 1 : 0].regex, 'u')
  return pattern.test(sampleOf({ format })) && !pattern.test('neither')
}

describe.each(triedReleases())('The components of authentik %s', (version) => {
  const release = findRelease(version)
  const { like: releaseLike } = forRelease(version)
  const componentSchemas = [...componentsOf(release)]
  const components = toComponents(componentSchemas.map(([, schema]) => schema))
  const read = reader(components)

  it('are matched by their required keys, with an example that is as documented', () => {
    expect(componentSchemas.map(([name]) => name)).toEqual(expect.arrayContaining(Object.keys(components)))
    const undocumented = componentSchemas.filter(([name, schema]) => {
      const template = releaseLike.component(name)
      const { properties, required = [] } = components[name] ?? {}
      return (
        !schema.safeParse(reify(template)).success ||
        (properties && Object.keys(template).sort().join() !== String(required))
      )
    })
    expect(undocumented.map(([name]) => name)).toEqual([])
  })

  it('are matched by all that is documented of each key, also of an optional key that the example names', () => {
    const lostKeys = componentSchemas.flatMap(([name, schema]) => {
      const documented = Object.entries((components[name]?.['properties'] as Record<string, Fragment>) ?? {}).map(
        ([key, fragment]) => [key, read(fragment)] as const,
      )
      const template: any = releaseLike.component(
        name,
        documented.length
          ? Object.fromEntries(documented.map(([key, fragment]) => [key, sampleOf(fragment)]))
          : undefined,
      )
      const lost = documented
        .filter(([key, fragment]) => !keeps(template[key], fragment))
        .map(([key]) => `${name}.${key}`)
      return schema.safeParse(reify(template)).success ? lost : [...lost, name]
    })
    expect(lostKeys).toEqual([])
  })
})

describe('like', () => {
  /** The operation that answers with what each name stands for. */
  const OPERATIONS: Partial<Record<keyof Answers, keyof typeof interactions>> = {
    authorizationCode: 'oauth2_authorization_codes_retrieve',
    authorizationCodes: 'oauth2_authorization_codes_list',
    accessToken: 'oauth2_access_tokens_retrieve',
    accessTokens: 'oauth2_access_tokens_list',
    refreshToken: 'oauth2_refresh_tokens_retrieve',
    refreshTokens: 'oauth2_refresh_tokens_list',
    user: 'core_users_retrieve',
    users: 'core_users_list',
    sessionUser: 'core_users_me_retrieve',
    userPaths: 'core_users_paths_retrieve',
    group: 'core_groups_retrieve',
    groups: 'core_groups_list',
    oauth2Provider: 'providers_oauth2_retrieve',
    oauth2Providers: 'providers_oauth2_list',
    setupUrls: 'providers_oauth2_setup_urls_retrieve',
    preview: 'providers_oauth2_preview_user_retrieve',
    application: 'core_applications_retrieve',
    applications: 'core_applications_list',
    tokens: 'core_tokens_list',
    usedByList: 'core_users_used_by_list',
    config: 'root_config_retrieve',
    version: 'admin_version_retrieve',
  }

  it.each(['2024.8.3', '2026.8.3'])(
    'matches by each name what authentik %s answers, which may serve as the example',
    async (release) => {
      const server = mock({ release, token: 'key', now: '2024-09-27T14:26:18Z' })
      await server.ready
      const { like: releaseLike, interactions: releaseInteractions } = forRelease(release)
      const ids: Record<string, string> = {
        core_groups: [...server.world.groups.values()][0]!.pk,
        core_applications: [...server.world.applications.values()][0]!.slug,
      }
      for (const [name, id] of Object.entries(OPERATIONS)) {
        const { path } = releaseInteractions[id].request
        const url =
          typeof path === 'string'
            ? path
            : path.expression!.replace(/\$\{\w+\}/, ids[id.replace('_retrieve', '')] ?? '1')
        const response = await server.fetch(
          new Request(`https://authentik.test${url}`, { headers: { Authorization: 'Bearer key' } }),
        )
        // Pact cannot tell the type of a value that is null, and the suggestions for a search box have lists that are not documented.
        const answer = JSON.parse(await response.text(), (key, value: unknown) =>
          value === null || key === 'autocomplete' ? undefined : value,
        )
        const make = releaseLike[name as keyof Answers] as (example?: unknown) => Template
        expect(make()).toEqual(releaseInteractions[id].response.body)
        expect(reify(make(answer))).toMatchObject(withFirstOnly(answer))
      }
    },
  )

  it('has the keys of the release that it is for, and no others', () => {
    const { like: newerLike } = forRelease('2026.8')
    expect(reify(newerLike.oauth2Provider({ grant_types: ['implicit'] }))).toMatchObject({
      grant_types: ['implicit'],
      redirect_uris: [{ matching_mode: 'strict' }],
    })
    expect(() => like.oauth2Provider({ grant_types: ['implicit'] })).toThrow(
      '"grant_types" is not documented; the nearest is client_type, known are pk, name,',
    )
    expect(Object.keys(forRelease('2024.2').like.user())).not.toContain('date_joined')
    expect(Object.keys(newerLike.user())).toContain('date_joined')
  })

  it('finds a component by the name that the release has for it', () => {
    expect(reify(forRelease('2025.12').like.component('PartialGroup', { name: 'staff' }))).toMatchObject({
      name: 'staff',
    })
    expect(() => like.component('PartialGroup')).toThrow(
      'authentik 2024.8.3 answers with no "PartialGroup"; known are Application, AuthenticationEnum,',
    )
    expect(reify(like.component('UserTypeEnum', 'external'))).toBe('external')
  })

  it('refuses a release that does not exist', () => {
    expect(() => forRelease('2024.9')).toThrow('Failed to find the release "2024.9".')
  })

  it.each([
    [
      'a key that is not documented',
      // @ts-expect-error no such key
      () => like.users({ results: [{ groups_obj: [{ nam: 'staff' }] }] }),
      '"results[].groups_obj[].nam" is not documented; the nearest is name, known are pk, num_pk,',
    ],
    [
      'another type',
      // @ts-expect-error a number
      () => like.group({ users_obj: [{ uid: 7 }] }),
      'users_obj.0.uid: Invalid input: expected string, received number',
    ],
    [
      'a value that is not among the documented ones',
      () => like.component('Application', { policy_engine_mode: 'some' }),
      'policy_engine_mode: Invalid option',
    ],
    ['a text of another form', () => like.application({ slug: 'no spaces' }), 'slug: Invalid string'],
    ['a text that is no instant', () => like.token({ expires: 'soon' }), 'expires: Invalid ISO datetime'],
    ['a text that is no UUID', () => like.applications({ results: [{ pk: '1' }] }), 'results.0.pk: Invalid GUID'],
    [
      'null where null is not documented',
      // @ts-expect-error never null
      () => like.accessTokens({ pagination: { count: null } }),
      'pagination.count: Invalid input: expected number, received null',
    ],
    ['a text in place of an object', () => like.preview({ preview: 'nothing' as never }), 'preview: Invalid input'],
  ])('refuses %s, and names its path', (_, make, message) => {
    expect(make).toThrow(message)
  })
})

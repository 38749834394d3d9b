/** authentik's own web interface: what its pages ask, one after the other, in the session of whoever looks at them. */
import { describe, expect, it } from 'vitest'
import type { Mock } from '../../src/entries/index.ts'
import { readyMock, rowsOf, type Row } from '../support/client.ts'

const ORIGIN = 'http://authentik.test'
const NOBODY = '00000000-0000-4000-8000-000000000000'

/** A page of the interface, in a session with cookies, which sends what it knows against requests of other sites. */
interface Page {
  send(method: string, path: string, body?: Row): Promise<{ status: number; json: Row }>
  /** Asks for what has to be there. */
  get(path: string): Promise<Row>
  /** Sends what has to be taken. */
  save(method: string, path: string, body?: Row): Promise<Row>
}

/** Logs in by the flow, as the interface does, which follows redirects as `fetch` does. */
async function logIn(authentik: Mock, username: string): Promise<Page> {
  const cookies = new Map<string, string>()
  const send = async (method: string, path: string, body?: Row): Promise<{ status: number; json: Row }> => {
    const response = await authentik.fetch(`${ORIGIN}/api/v3${path}`, {
      method,
      redirect: 'manual',
      headers: {
        Origin: ORIGIN,
        Referer: `${ORIGIN}/if/admin/`,
        'X-authentik-CSRF': cookies.get('authentik_csrf') ?? '',
        Cookie: [...cookies].map((pair) => pair.join('=')).join('; '),
        ...(body && { 'Content-Type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const location = response.headers.get('Location')
    if (location !== null) return send('GET', location.replace('/api/v3', ''))
    const text = await response.text()
    return { status: response.status, json: text === '' ? {} : JSON.parse(text) }
  }
  const save = async (method: string, path: string, body?: Row) => {
    const { status, json } = await send(method, path, body)
    expect([method, path, status, status < 300 ? {} : json]).toEqual([method, path, status, {}])
    expect(status).toBeLessThan(300)
    return json
  }
  const flow = '/flows/executor/default-authentication-flow/?query=next%3D%252F'
  const user = [...authentik.world.users.values()].find((row) => row.username === username)
  await save('GET', flow)
  await save('POST', flow, { component: 'ak-stage-identification', uid_field: username })
  const end = await save('POST', flow, { component: 'ak-stage-password', password: user?.password })
  expect(end['component']).toBe('xak-flow-redirect')
  return { send, save, get: (path) => save('GET', path) }
}

/** The page of a table: how it asks for its rows. */
const table = (ordering: string, more = '') => `?ordering=${ordering}&page=1&page_size=20&search=${more}`
const jsonQuery = (value: object) => encodeURIComponent(JSON.stringify(value))

/** What pages ask when they are opened, by the page. @param rows those that the pages are about */
function requestsOf(isOlder: boolean, rows: Record<'user' | 'application' | 'outpost' | 'flow' | 'group', Row>) {
  const { user, application, outpost, flow, group } = rows
  const changelog = (app: string, model: string, pk: unknown) =>
    `/events/events/${table('-created', `&action=model_updated&context_model_app=${app}&context_model_name=${model}&context_model_pk=${String(pk).replaceAll('-', '')}`)}`
  const charted = (more: string) =>
    `/events/events/volume/?actions=login&actions=login_failed&actions=authorize_application&history_days=7${more}`
  const permissions = (model: string, pk: unknown) => {
    const [app, name] = model.split('.')
    const holders = isOlder ? ['users', 'roles'] : ['roles']
    return [
      ...holders.map(
        (holder) => `/rbac/permissions/assigned_by_${holder}/${table('', `&model=${model}&object_pk=${pk}`)}`,
      ),
      `/rbac/permissions/?content_type__app_label=${app}&content_type__model=${name}&ordering=codename`,
    ]
  }
  return {
    'every page': [
      '/root/config/',
      '/core/brands/current/',
      '/core/users/me/',
      '/admin/version/',
      '/enterprise/license/summary/',
      '/events/notifications/?ordering=-created&seen=false&user=1',
    ],
    'the overview': [
      `/events/events/${table('-created')}`,
      '/admin/system/',
      isOlder ? '/admin/workers/' : '/tasks/workers',
      '/outposts/instances/',
      `/outposts/instances/${outpost['pk']}/health/`,
      '/providers/scim/',
      '/providers/google_workspace/',
      '/providers/microsoft_entra/',
      '/sources/ldap/',
      ...(isOlder
        ? ['/admin/metrics/', '/events/events/volume/', '/events/events/per_month/?action=model_created&query=%7B%7D']
        : [charted(''), '/sources/kerberos/']),
      '/events/events/top_per_user/?action=authorize_application&top_n=11',
    ],
    'the list of users': [
      `/core/users/${table('last_login', '&include_groups=false&is_active=true&path_startswith=')}`,
      '/core/users/paths/?search=',
    ],
    'a user': [
      `/core/users/${user['pk']}/`,
      isOlder ? `/core/users/${user['pk']}/metrics/` : charted(`&username=${user['username']}`),
      changelog('authentik_core', 'user', user['pk']),
      `/core/authenticated_sessions/${table('-expires', `&user__username=${user['username']}`)}`,
      `/core/groups/${table('name', `&include_users=false&members_by_pk=${user['pk']}`)}`,
      `/events/events/${table('-created', `&username=${user['username']}`)}`,
      `/policies/reputation/scores/${table('identifier', '&identifier_in=ada%2Cada%40example.com')}`,
      `/core/user_consent/${table('expires', `&user=${user['pk']}`)}`,
      `/oauth2/access_tokens/${table('expires', `&user=${user['pk']}`)}`,
      `/oauth2/refresh_tokens/${table('expires', `&user=${user['pk']}`)}`,
      `/authenticators/admin/all/?user=${user['pk']}`,
      '/sources/all/user_settings/',
      `/sources/user_connections/all/?user=${user['pk']}`,
      `/rac/connection_tokens/${table('name', `&session__user=${user['pk']}`)}`,
      `/core/applications/${table('name', `&for_user=${user['pk']}`)}`,
      ...permissions('authentik_core.user', user['pk']),
      isOlder
        ? `/rbac/permissions/users/?user_id=${user['pk']}`
        : `/rbac/roles/${table('name', `&users=${user['pk']}`)}`,
    ],
    'the groups': [
      `/core/groups/${table('name', '&include_users=false')}`,
      `/core/groups/${group['pk']}/?include_users=false`,
      `/core/users/${table('last_login', `&groups_by_pk=${group['pk']}&include_groups=false`)}`,
      changelog('authentik_core', 'group', group['pk']),
      ...permissions('authentik_core.group', group['pk']),
    ],
    'the applications': [
      `/core/applications/${table('name', '&superuser_full_list=true')}`,
      `/core/applications/${application['slug']}/`,
      isOlder
        ? `/core/applications/${application['slug']}/metrics/`
        : `/events/events/volume/?action=authorize_application&history_days=7&query=${jsonQuery({ context__authorized_application__pk: '0' })}`,
      `/core/applications/${application['slug']}/check_access/?for_user=${user['pk']}`,
      `/policies/bindings/${table('order', `&target=${application['pk']}`)}`,
      '/policies/all/types/',
      '/policies/all/?ordering=name',
      '/policies/all/cache_info/',
      '/providers/all/?application__isnull=true&ordering=name',
      `/outposts/instances/?page_size=1&providers_by_pk=${application['provider']}`,
      ...(isOlder
        ? []
        : [`/core/application_entitlements/${table('', `&app=${application['pk']}`)}`, '/admin/file/?usage=media']),
      ...permissions('authentik_core.application', application['pk']),
    ],
    'the providers': [
      `/providers/all/${table('name')}`,
      '/providers/all/types/',
      '/providers/all/1/',
      '/providers/oauth2/1/',
      '/providers/oauth2/1/setup_urls/',
      '/providers/oauth2/1/preview_user/?for_user=2',
      '/flows/instances/?designation=authorization&ordering=slug',
      '/propertymappings/provider/scope/?ordering=scope_name&page=1&search=mail',
      '/crypto/certificatekeypairs/?has_key=true&include_details=false&ordering=name',
      `/sources/oauth/${table('name', '&has_jwks=true')}`,
    ],
    'the flows': [
      `/flows/instances/${table('slug')}`,
      '/flows/instances/cache_info/',
      `/flows/instances/${flow['slug']}/`,
      `/flows/instances/${flow['slug']}/diagram/`,
      `/flows/instances/${flow['slug']}/execute/`,
      `/flows/bindings/${table('order', `&target=${flow['pk']}`)}`,
      `/policies/bindings/${table('order', `&target=${flow['policybindingmodel_ptr_id']}`)}`,
      `/stages/all/${table('name')}`,
      '/stages/all/types/',
    ],
    'tokens, roles, events and brands': [
      `/core/tokens/${table('expires')}`,
      `/rbac/roles/${table('name')}`,
      `/rbac/permissions/${table('codename')}`,
      ...(isOlder ? [] : [`/rbac/initial_permissions/${table('name')}`]),
      '/events/events/actions/',
      `/core/brands/${table('domain')}`,
    ],
  }
}

/** The rows that pages are about. */
async function subjectsOf(authentik: Mock, page: Page) {
  const { world } = authentik
  const [group] = world.groups.values()
  const [application] = world.applications.values()
  const flow = [...world.flows.values()].find(({ slug }) => slug === 'default-authentication-flow')
  const outposts = await page.get('/outposts/instances/?managed__iexact=goauthentik.io%2Foutposts%2Fembedded')
  const [outpost] = outposts['results']
  return { user: rowsOf(authentik, 'users').get(2), group, application, flow, outpost } as unknown as Parameters<
    typeof requestsOf
  >[1]
}

const VERSIONS = ['2024.8.3', '2026.2.2'] as const
const cases = VERSIONS.flatMap((release) =>
  (['documented', 'observed'] as const).map((fidelity) => ({ release, fidelity })),
)

describe.each(cases)('the web interface of $release, $fidelity', ({ release, fidelity }) => {
  const isOlder = release === '2024.8.3'
  const open = async (username?: string) => {
    const authentik = await readyMock({ release, fidelity })
    const page = await logIn(authentik, username ?? rowsOf(authentik, 'users').get(2).username)
    return { authentik, page }
  }

  it('opens each page of an administrator without an error', async () => {
    const { authentik, page } = await open('akadmin')
    for (const [name, paths] of Object.entries(requestsOf(isOlder, await subjectsOf(authentik, page))))
      for (const path of paths) expect([name, path, (await page.send('GET', path)).status]).toEqual([name, path, 200])
  })

  it('shows a user who is no administrator their library and their settings', async () => {
    const { authentik, page } = await open()
    const { pk, username } = rowsOf(authentik, 'users').get(2)
    const paths = [
      '/core/users/me/',
      '/core/applications/?only_with_launch_url=true&ordering=name&page=1&page_size=100',
      `/events/notifications/?ordering=-created&seen=false&user=${pk}`,
      '/stages/all/user_settings/',
      '/authenticators/all/',
      '/sources/all/user_settings/',
      `/sources/user_connections/all/?user=${pk}`,
      `/core/authenticated_sessions/${table('-expires', `&user__username=${username}`)}`,
      `/core/user_consent/${table('expires', `&user=${pk}`)}`,
      `/core/tokens/${table('expires', `&managed=&user__username=${username}`)}`,
    ]
    for (const path of paths) await page.get(path)
    for (const path of [
      '/admin/system/',
      '/policies/all/cache_info/',
      '/policies/reputation/scores/',
      '/providers/scim/',
    ])
      expect([path, (await page.send('GET', path)).status]).toEqual([path, 403])
    for (const path of ['/policies/all/cache_clear/', '/flows/instances/cache_clear/'])
      expect([path, (await page.send('POST', path)).status]).toEqual([path, 403])
  })

  it('lets users change their name and language in their settings, and no address by which they log in', async () => {
    const { authentik, page } = await open()
    const flow = `/flows/executor/${(await page.get('/core/brands/current/'))['flow_user_settings']}/?query=`
    const { fields, component } = await page.get(flow)
    const { username, email } = rowsOf(authentik, 'users').get(2)
    expect(fields.map(({ field_key, type }: Row) => [field_key, type])).toEqual([
      ['username', 'username'],
      ['name', 'text'],
      ['email', 'email'],
      ['attributes.settings.locale', 'ak-locale'],
    ])
    const answer = { component, username, name: 'Ada Lovelace', email, 'attributes.settings.locale': 'de' }
    const errorsOf = async (more: Row) => (await page.save('POST', flow, { ...answer, ...more }))['response_errors']
    expect(await errorsOf({ email: 'ada@example.com' })).toEqual({
      non_field_errors: [{ string: 'Not allowed to change email address.', code: 'invalid' }],
    })
    expect(await errorsOf({ username: 'nobody-has-it' })).toEqual({
      non_field_errors: [{ string: 'Not allowed to change username.', code: 'invalid' }],
    })
    expect(await errorsOf({ username: 'akadmin' })).toEqual({
      username: [{ string: 'Username is already taken.', code: 'invalid' }],
    })
    expect(await errorsOf({ name: '' })).toEqual({ name: [{ string: 'This field may not be blank.', code: 'blank' }] })
    expect(await page.save('POST', flow, answer)).toMatchObject({ component: 'xak-flow-redirect', to: '/' })
    expect((await page.get('/core/users/me/'))['user']).toMatchObject({
      name: 'Ada Lovelace',
      username,
      settings: { locale: 'de' },
    })
    // The page asks again at once, and shows what is known now.
    expect((await page.get(flow))['fields'].map((field: Row) => field['initial_value'])).toEqual([
      username,
      'Ada Lovelace',
      email,
      'de',
    ])
  })

  it('leaves a user as they are, and their flow open, whose new name is longer than any can be', async () => {
    const { authentik, page } = await open()
    const users = rowsOf(authentik, 'users')
    const { username, email } = users.get(2)
    await users.update(2, { attributes: { 'goauthentik.io/user/can-change-username': true } })
    const flow = `/flows/executor/${(await page.get('/core/brands/current/'))['flow_user_settings']}/?query=`
    const answer = { name: 'Ada', email, 'attributes.settings.locale': 'de' }
    const rename = async (name: string) => (await page.save('POST', flow, { ...answer, username: name }))['component']
    expect(await rename('a'.repeat(151))).toBe('ak-stage-flow-error')
    expect(users.get(2)).toMatchObject({ username })
    expect(await rename('a'.repeat(150))).toBe('xak-flow-redirect')
    expect(users.get(2)).toMatchObject({ username: 'a'.repeat(150), name: 'Ada' })
  })

  it('saves whole forms, with nothing and with blanks in them, and shows them in the next list', async () => {
    const { authentik, page } = await open('akadmin')
    const flowOf = (slug: string) => [...authentik.world.flows.values()].find((row) => row.slug === slug)?.pk
    const parents = isOlder ? { parent: null } : { parents: [] }
    const provider = {
      name: 'made',
      authentication_flow: null,
      authorization_flow: flowOf('default-provider-authorization-explicit-consent'),
      ...(isOlder ? {} : { invalidation_flow: flowOf('default-provider-invalidation-flow'), encryption_key: null }),
      property_mappings: rowsOf(authentik, 'scope_mappings')
        .list()
        .map(({ pk }) => pk),
      client_type: 'confidential',
      client_id: 'made',
      client_secret: '',
      redirect_uris: isOlder ? '' : [{ matching_mode: 'strict', url: 'https://app.example/callback' }],
      signing_key: null,
    }
    const forms: [path: string, key: string, created: Row, changed: Row, method?: string][] = [
      [
        '/core/users/',
        'pk',
        { username: 'ada', name: '', email: '', path: 'users', attributes: {} },
        { name: 'Ada' },
        'PATCH',
      ],
      [
        '/core/groups/',
        'pk',
        { name: 'engineers', ...parents, roles: [], attributes: {}, users: [] },
        { name: 'makers' },
        'PATCH',
      ],
      ['/rbac/roles/', 'pk', { name: 'readers' }, { name: 'writers' }],
      ['/providers/oauth2/', 'pk', provider, { name: 'renamed' }],
      [
        '/core/applications/',
        'slug',
        { name: 'Made', slug: 'made', provider: null, backchannel_providers: [], group: '', meta_launch_url: '' },
        { name: 'Renamed', meta_description: 'It was renamed.' },
      ],
      [
        '/core/tokens/',
        'identifier',
        { identifier: 'made', user: 1, intent: 'api', description: '' },
        { description: 'Mine.' },
      ],
      [
        '/core/brands/',
        'brand_uuid',
        { domain: 'made.example', default: false, flow_authentication: null, web_certificate: null, attributes: {} },
        { branding_title: 'Made' },
      ],
    ]
    for (const [path, key, created, changed, method = 'PUT'] of forms) {
      const row = await page.save('POST', path, created)
      const address = `${path}${row[key]}/`
      await page.save(method, address, { ...created, ...changed })
      const { results } = await page.get(`${path}?page_size=100&search=`)
      expect(results.find((candidate: Row) => candidate[key] === row[key])).toMatchObject(changed)
      await page.get(`${address}used_by/`)
      await page.save('DELETE', address)
      expect((await page.send('GET', address)).status).toBe(404)
    }
  })

  it('makes an application with its provider in one form, or neither, and says where it is wrong', async () => {
    const { authentik, page } = await open('akadmin')
    const { authorization_flow, invalidation_flow, name } = rowsOf(authentik, 'providers').get(1)
    const flows = { authorization_flow, ...(isOlder ? {} : { invalidation_flow, redirect_uris: [] }) }
    const form = {
      app: { name: 'Wiki', slug: 'wiki', group: '', meta_launch_url: '', policy_engine_mode: 'any' },
      provider_model: 'authentik_providers_oauth2.oauth2provider',
      provider: { name: 'Provider for Wiki', ...flows },
      policy_bindings: [{ policy: null, group: null, user: 2, order: 0 }],
    }
    const path = '/core/transactional/applications/'
    const sizes = () => [authentik.world.applications.size, authentik.world.providers.size]
    const sizesAtStart = sizes()
    const wrong: [more: Row, errors: Row][] = [
      [{ app: { name: 'Wiki', slug: 'no slug' } }, { app: { slug: expect.any(Array) } }],
      [
        { provider: { name: 'x', ...flows, authorization_flow: '' } },
        { provider: { authorization_flow: ['This field may not be null.'] } },
      ],
      [
        { provider: { ...form.provider, name } },
        { provider: { name: ['State is set to must_created and object exists already'] } },
      ],
      [{ provider_model: 'shop.shopprovider' }, { provider_model: ['"shop.shopprovider" is not a valid choice.'] }],
      [{ app: undefined }, { app: ['This field is required.'] }],
    ]
    if (!isOlder)
      wrong.push([{ policy_bindings: [{ user: 2 }] }, { policy_bindings: [{ order: ['This field is required.'] }] }])
    for (const [more, errors] of wrong)
      expect(await page.send('PUT', path, { ...form, ...more })).toEqual({ status: 400, json: errors })
    expect(sizes()).toEqual(sizesAtStart)
    const saml = { ...form, provider_model: 'authentik_providers_saml.samlprovider' }
    expect((await page.send('PUT', path, saml)).status).toBe(501)
    expect(await page.save('PUT', path, form)).toEqual({ applied: true, logs: [] })
    const { pk, provider_obj } = await page.get('/core/applications/wiki/')
    expect(provider_obj.name).toBe('Provider for Wiki')
    const bound = (await page.get(`/policies/bindings/${table('order', `&target=${pk}`)}`))['results']
    expect(bound.map(({ user }: Row) => user)).toEqual(isOlder ? [] : [2])
  })

  it('makes nothing of a form in which a binding says again what one before it does', async () => {
    if (isOlder) return
    const authentik = await readyMock({
      release,
      world: { extends: 'default', policies_all: [{ pk: NOBODY, name: 'office hours' }] },
    })
    const page = await logIn(authentik, 'akadmin')
    const { authorization_flow, invalidation_flow } = rowsOf(authentik, 'providers').get(1)
    const form = {
      app: { name: 'Wiki', slug: 'wiki' },
      provider_model: 'authentik_providers_oauth2.oauth2provider',
      provider: { name: 'Provider for Wiki', authorization_flow, invalidation_flow, redirect_uris: [] },
    }
    const sizes = () => Object.values(authentik.world).map((rows) => (rows as Row | undefined)?.['size'])
    const sizesAtStart = sizes()
    const put = (...bindings: Row[]) =>
      page.send('PUT', '/core/transactional/applications/', { ...form, policy_bindings: bindings })
    const ofPolicy = { policy: NOBODY, order: 0 }
    const exists = ['State is set to must_created and object exists already']
    const wrong: [bindings: Row[], errors: Row][] = [
      [[ofPolicy, { ...ofPolicy, enabled: true }], { policy: exists, enabled: exists, order: exists, target: exists }],
      [[ofPolicy, { ...ofPolicy, user: null, negate: false }, ofPolicy], expect.anything()],
      [
        [ofPolicy, { ...ofPolicy, timeout: 5 }],
        { non_field_errors: ['The fields policy, target, order must make a unique set.'] },
      ],
      [
        [
          { user: 2, order: 0 },
          { user: 2, order: 0 },
        ],
        { user: exists, order: exists, target: exists },
      ],
    ]
    for (const [bindings, errors] of wrong)
      expect(await put(...bindings)).toEqual({ status: 400, json: { null: errors } })
    expect(sizes()).toEqual(sizesAtStart)
    const different = [ofPolicy, { ...ofPolicy, order: 1 }, { user: 2, order: 0 }, { user: 2, order: 0, timeout: 5 }]
    expect(await put(...different)).toMatchObject({ status: 200 })
    expect(authentik.world.policy_bindings.size).toBe(4)
  })

  it('takes the form of an application without a picture, and of one with it', async () => {
    const { authentik, page } = await open('akadmin')
    const [application] = authentik.world.applications.values()
    const path = `/core/applications/${application?.slug}/`
    for (const url of ['https://cdn.example/wiki.png', '']) {
      if (isOlder) await page.save('POST', `${path}set_icon_url/`, { url })
      else await page.save('PATCH', path, { meta_icon: url })
      expect((await page.get(path))['meta_icon']).toBe(isOlder ? url || null : url)
    }
  })

  it('lets nobody make an application in one form who may make neither', async () => {
    const { page } = await open()
    const { status, json } = await page.send('PUT', '/core/transactional/applications/', {})
    expect([status, Object.keys(json)]).toEqual(
      isOlder ? [403, ['detail']] : [400, ['app', 'provider_model', 'provider']],
    )
  })

  it('shows a role that nobody has yet, and the groups and users of it', async () => {
    const { page } = await open('akadmin')
    const { pk } = await page.save('POST', '/rbac/roles/', { name: 'readers' })
    await page.get(`/rbac/permissions/${table('model', `&role=${pk}`)}`)
    await page.get(`/rbac/permissions/roles/${table('model', `&uuid=${pk}`)}`)
    if (isOlder) return
    const users = `/core/users/${table('last_login', `&include_groups=false&roles_by_pk=${pk}`)}`
    expect((await page.get(users))['results']).toEqual([])
    await page.save('POST', `/rbac/roles/${pk}/add_user/`, { pk: 2 })
    expect((await page.get(users))['results'].map((row: Row) => row['pk'])).toEqual([2])
    expect((await page.send('GET', `/core/users/?roles_by_pk=${NOBODY}`)).status).toBe(400)
    // Whether a role was reviewed is asked, and 404 is how it was not.
    expect((await page.send('GET', `/lifecycle/iterations/latest/authentik_rbac.role/${pk}/`)).status).toBe(404)
  })

  it('is told by OPTIONS what each view is, also of what is answered in outline', async () => {
    const { page } = await open('akadmin')
    const views = [
      ['/outposts/instances/', 'Outpost List', 'Outpost Viewset'],
      ['/rac/connection_tokens/', 'Connection Token List', 'ConnectionToken Viewset'],
      ['/policies/all/cache_info/', 'Cache info', 'Info about cached policies'],
      ['/core/users/', 'User List', 'User Viewset'],
    ]
    for (const [path = '', name, description] of views)
      expect((await page.send('OPTIONS', path)).json).toMatchObject({ name, description })
  })

  it('tells the overview what the server is, and that its outpost knows where it stands', async () => {
    const { page } = await open('akadmin')
    expect(await page.get('/admin/system/')).toMatchObject({
      http_host: 'authentik.test',
      http_is_secure: false,
      runtime: { authentik_version: release, openssl_fips_enabled: null },
      brand: 'Default brand',
      embedded_outpost_disabled: false,
      embedded_outpost_host: ORIGIN,
    })
    expect((await page.send('GET', `/outposts/instances/${NOBODY}/health/`)).status).toBe(404)
    await page.save('POST', '/policies/all/cache_clear/')
    await page.save('POST', '/flows/instances/cache_clear/')
    expect(await page.get('/policies/all/cache_info/')).toEqual({ count: 0 })
    const types = (await page.get('/policies/all/types/')) as unknown as Row[]
    expect(types.map(({ component }) => component)).toContain('ak-policy-expression-form')
    expect(types.some(({ name }) => name === 'GeoIP Policy')).toBe(!isOlder)
    const { link } = await page.get('/flows/instances/default-authentication-flow/execute/')
    expect(link).toBe(`${ORIGIN}/if/flow/default-authentication-flow/`)
  })
})

it('the page of a user counts the logins of that user, and the page of an application those to it', async () => {
  const authentik = await readyMock({ release: '2024.8.3' })
  const page = await logIn(authentik, 'akadmin')
  const [application] = authentik.world.applications.values()
  const start = await page.get('/core/users/2/metrics/')
  const sum = (counts: Row[]) => counts.reduce((total, { y_cord }) => total + Number(y_cord), 0)
  const { pk, username } = rowsOf(authentik, 'users').get(2)
  const applied = { authorized_application: { pk: application?.pk.replaceAll('-', '') } }
  for (const [action, context] of [
    ['login', {}],
    ['login_failed', { username }],
    ['login_failed', { username: 'somebody else' }],
    ['authorize_application', applied],
  ] as const)
    await page.save('POST', '/events/events/', { action, app: 'ci', user: { pk, username }, context })
  const used = (await page.get(`/core/applications/${application?.slug}/metrics/`)) as unknown as Row[]
  expect([used.length, sum(used)]).toEqual([21, 1])
  const end = await page.get('/core/users/2/metrics/')
  const grown = (name: string) => sum(end[name]) - sum(start[name])
  expect([grown('logins_failed'), grown('logins')]).toEqual([1, 1])
})

/** The rows of a seeded world that are more than every page should load; loaded when one is seeded. */
import { DAY, EPOCH, toInstant } from '../store/clock.ts'
import type { Seeding } from '../store/resource.ts'
import type { ApiToken } from './resources/api-tokens.ts'
import type { Application } from './resources/applications.ts'
import type { AuthorizationCode } from './resources/authorization-codes.ts'
import type { Brand } from './resources/brands.ts'
import { certificates, type Certificate } from './resources/certificates.ts'
import { PROVIDER_FLOWS } from './resources/default-flows.ts'
import { flows } from './resources/flows.ts'
import { groups, type Group } from './resources/groups.ts'
import { managedClaimsOf, subjectOf } from './resources/id-token.ts'
import { LOOPBACK, oauth2Providers, PREFIX, type OAuth2Provider } from './resources/oauth2-providers.ts'
import { scopeMappings } from './resources/scope-mappings.ts'
import type { Token } from './resources/tokens.ts'
import { users, type User } from './resources/users.ts'

// ---- groups

const GROUPS: { name: string; parent?: string; is_superuser?: boolean; attributes?: Record<string, unknown> }[] = [
  { name: 'authentik Admins', is_superuser: true },
  { name: 'staff', attributes: { floor: 3 } },
  { name: 'engineering', parent: 'staff' },
  { name: 'developers', parent: 'engineering', attributes: { oncall: true } },
]

export function seedGroup({ number, faker, world }: Seeding): Partial<Group> {
  const { name = '', parent, ...seeded } = GROUPS[number - 1] ?? {}
  const parentGroup = [...world.table(groups).values()].find((group) => group.name === parent)
  return { pk: faker.string.uuid(), name, parent: parentGroup?.pk ?? null, ...seeded }
}

// ---- users

const USERS: (Partial<User> & { memberships?: string[] })[] = [
  { username: 'akadmin', name: 'authentik Default Admin', memberships: ['authentik Admins'] },
  { memberships: ['developers'] },
  { memberships: ['developers', 'staff'] },
  { memberships: ['staff'] },
  { type: 'external' },
  {
    username: 'ak-service',
    name: 'Service Account',
    type: 'service_account',
    path: 'goauthentik.io/service-accounts',
  },
  { is_active: false },
  {
    username: 'ak-outpost',
    name: 'Embedded Outpost',
    type: 'internal_service_account',
    path: 'goauthentik.io/outposts',
  },
]

export function seedUser({ number, faker, world, random }: Seeding): Partial<User> {
  const { memberships = [], ...seeded } = USERS[number - 1] ?? {}
  const [firstName, lastName] = [faker.person.firstName(), faker.person.lastName()]
  const username = seeded.username ?? `${firstName}.${lastName}${number}`.toLowerCase().replace(/[^a-z.0-9]/g, '')
  const name = seeded.name ?? `${firstName} ${lastName}`
  const hasLoggedIn = number % 3 !== 0
  const last_login = hasLoggedIn
    ? toInstant(EPOCH - Math.floor(random.next() * 30 * DAY), Math.floor(random.next() * 1000))
    : null
  const members = [...world.table(groups).values()].filter((group) => memberships.includes(group.name))
  return {
    pk: number,
    username,
    name,
    last_login,
    groups: members.map((group) => group.pk),
    email: `${username}@example.com`,
    attributes: number % 2 === 0 ? { settings: { locale: 'en' }, department: faker.commerce.department() } : {},
    uid: random.hex(64),
    uuid: faker.string.uuid(),
    password: `${username}-password`,
    date_joined: toInstant(EPOCH - 300 * DAY + number * DAY),
    last_updated: toInstant(EPOCH - 100 * DAY + number * DAY),
    password_change_date: toInstant(EPOCH - 200 * DAY + number * DAY),
    ...seeded,
  }
}

// ---- API tokens

const API_TOKENS: Pick<ApiToken, 'identifier' | 'intent' | 'user' | 'expires'>[] = [
  { identifier: 'authentik-bootstrap-token', intent: 'api', user: 1, expires: null },
  { identifier: 'user-api', intent: 'api', user: 2, expires: null },
  { identifier: 'stranger-api', intent: 'api', user: 3, expires: null },
  { identifier: 'service-api', intent: 'api', user: 6, expires: null },
  { identifier: 'inactive-api', intent: 'api', user: 7, expires: null },
  { identifier: 'user-api-expired', intent: 'api', user: 2, expires: toInstant(EPOCH - 60_000) },
  { identifier: 'user-app-password', intent: 'app_password', user: 2, expires: null },
  { identifier: 'user-recovery', intent: 'recovery', user: 2, expires: null },
]

export function seedApiToken({ number, random }: Seeding): Partial<ApiToken> {
  const token = API_TOKENS[number - 1]
  return { key: random.key(60), expiring: token?.expires !== null, ...token }
}

// ---- providers

/** Those whose tokens are signed by a key: the first, and the two to log in at. */
const SIGNED: ReadonlySet<number> = new Set([1, 5, 6])
/** Those that ask for no consent: the first, and that of a page, which may have to log in anew without being seen. */
const SILENT: ReadonlySet<number> = new Set([1, 5])

const PROVIDERS: Partial<OAuth2Provider>[] = [
  {},
  { client_type: 'public', sub_mode: 'user_username', issuer_mode: 'global' },
  {
    include_claims_in_id_token: false,
    sub_mode: 'user_email',
    access_code_validity: 'minutes=2;seconds=30',
  },
  { sub_mode: 'user_uuid' },
  { name: `${PREFIX}Single-page app`, client_id: 'spa', client_type: 'public', redirect_uris: LOOPBACK },
  { name: `${PREFIX}Web app`, client_id: 'web', redirect_uris: LOOPBACK },
]

export function seedProvider({ number, faker, random, world }: Seeding): Partial<OAuth2Provider> {
  const origin = `https://${faker.internet.domainWord()}.example.com`
  const name = `${PREFIX}${faker.commerce.productName()} ${number}`
  const flowAt = (slug: string) => world.table(flows).find('slug', slug)?.pk ?? null
  const { authorization_flow, first_authorization_flow, authentication_flow, invalidation_flow } = PROVIDER_FLOWS
  const [certificate] = world.table(certificates).values()
  return {
    pk: number,
    name,
    authentication_flow: number % 2 === 0 ? flowAt(authentication_flow) : null,
    authorization_flow: flowAt(SILENT.has(number) ? first_authorization_flow : authorization_flow),
    invalidation_flow: flowAt(invalidation_flow),
    property_mappings: [...world.table(scopeMappings).values()].map(({ pk }) => pk),
    client_id: random.key(40),
    client_secret: random.key(128),
    signing_key: SIGNED.has(number) ? (certificate?.pk ?? null) : null,
    redirect_uris: `${origin}/callback\nhttp://localhost:8080/callback`,
    ...PROVIDERS[number - 1],
  }
}

// ---- applications

/** The fourth provider stands behind none; the last two are those to log in at. */
const APPLICATIONS = [
  { provider: 1 },
  { provider: 2 },
  { provider: 3 },
  { provider: 5, slug: 'spa', meta_launch_url: '' },
  { provider: 6, slug: 'web', meta_launch_url: '' },
]

export function seedApplication({ number, faker, world }: Seeding): Partial<Application> {
  const { provider = number, ...row } = APPLICATIONS[number - 1] ?? {}
  const name = world.table(oauth2Providers).require(provider).name.slice(PREFIX.length)
  const slug = faker.helpers.slugify(name).toLowerCase()
  return {
    pk: faker.string.uuid(),
    name,
    slug,
    provider,
    meta_launch_url: `https://${slug}.example.com`,
    meta_description: faker.commerce.productDescription(),
    meta_publisher: faker.company.name(),
    ...row,
  }
}

// ---- authorization codes

const CODE_KINDS = ['unlimited', 'lasting', 'expired', 'expiring'] as const
const CODE_USERS = [1, 2, 2, 3, 4, 5, 6] as const
const CODE_PROVIDERS = [1, 2, 3, 4] as const
const CODE_SCOPES = ['openid', 'openid email', 'openid email profile', 'openid profile offline_access'] as const

export function seedCode({ number, random, began }: Seeding): Partial<AuthorizationCode> {
  const pick = <T>(choices: readonly [T, ...T[]]): T =>
    choices[Math.floor(random.next() * choices.length)] ?? choices[0]
  const fraction = random.next()
  const microseconds = Math.floor(random.next() * 1000)
  const expires = {
    lasting: toInstant(Date.parse('2099-01-01T00:00:00Z') + Math.floor(fraction * 365 * DAY), microseconds),
    expired: toInstant(EPOCH - Math.floor(fraction * 30 * DAY), microseconds),
    expiring: toInstant(began + 120_000 + Math.floor(fraction * 60_000), microseconds),
    unlimited: null,
  }
  const kind = number === 1 ? 'lasting' : (CODE_KINDS[number % CODE_KINDS.length] ?? 'lasting')
  return {
    pk: number,
    user: number === 1 ? 2 : pick(CODE_USERS),
    provider: number === 1 ? 1 : pick(CODE_PROVIDERS),
    code: random.hex(32),
    expires: expires[kind],
    expiring: kind !== 'unlimited',
    scope: number % 7 === 6 ? '' : pick(CODE_SCOPES),
    auth_time: toInstant(EPOCH - Math.floor(random.next() * DAY)),
    nonce: random.next() < 0.5 ? random.key(16) : null,
  }
}

// ---- tokens

/** Seeds tokens. @param scopes those of the tokens, in turn */
const seedToken =
  (scopes: readonly string[]) =>
  ({ number, random, world }: Seeding): Partial<Token> => {
    const user = world.table(users).require(1 + Math.floor(random.next() * 6))
    const provider = world.table(oauth2Providers).require(1 + Math.floor(random.next() * 3))
    const scope = scopes[number % scopes.length] ?? ''
    const issued = EPOCH - Math.floor(random.next() * DAY)
    const microseconds = Math.floor(random.next() * 1000)
    const isPast = number % 4 === 0
    const key = random.key(64)
    const lasting = () => Date.parse('2099-01-01T00:00:00Z') + Math.floor(random.next() * 365 * DAY)
    return {
      pk: number,
      user: user.pk,
      provider: provider.pk,
      token: key,
      expires: toInstant(isPast ? issued : lasting(), microseconds),
      scope,
      auth_time: toInstant(issued),
      revoked: number % 5 === 0,
      id_token: {
        sub: subjectOf(user, provider),
        aud: provider.client_id,
        exp: Math.floor(issued / 1000) + 3600,
        iat: Math.floor(issued / 1000),
        ...managedClaimsOf(user, scope.split(' '), world, true),
      },
    }
  }

export const seedAccessToken = seedToken([
  'openid',
  'openid email',
  'openid goauthentik.io/api',
  'openid profile offline_access',
])
export const seedRefreshToken = seedToken(['openid offline_access', 'openid email profile offline_access'])

// ---- brands

export function seedBrand({ random, world }: Seeding): Partial<Brand> {
  const flowAt = (slug: string) => world.table(flows).find('slug', slug)?.pk ?? null
  return {
    brand_uuid: random.uuid(),
    domain: 'authentik-default',
    default: true,
    flow_authentication: flowAt('default-authentication-flow'),
    flow_invalidation: flowAt('default-invalidation-flow'),
    flow_user_settings: flowAt('default-user-settings-flow'),
    finds_flows: true,
  }
}

// ---- certificates

export const seedCertificate = ({ faker, random }: Seeding): Partial<Certificate> => ({
  pk: faker.string.uuid(),
  name: 'authentik Self-signed Certificate',
  fingerprint_sha256: toFingerprint(random.hex(64)),
  fingerprint_sha1: toFingerprint(random.hex(40)),
  cert_expiry: '2099-01-01T00:00:00Z',
  cert_subject: 'OU=Self-signed,O=authentik,CN=authentik Self-signed Certificate',
  private_key_type: 'rsa',
})

const toFingerprint = (hex: string) => (hex.match(/../g) ?? []).join(':')

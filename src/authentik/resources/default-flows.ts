/** The flows that every authentik has, by their slugs and names, and those that a world's providers name. */
import { keyIn } from '../../rest/deviation.ts'
import type { Context } from '../../rest/operation.ts'
import { createRandom } from '../../store/random.ts'
import type { FileRow, FileRows } from '../../store/resource.ts'
import { addressOfFile } from '../static-files.ts'

/** The picture behind a flow that has none of its own. */
export const BACKGROUND = '/static/dist/assets/images/flow_background.jpg'

/** The fields of a flow that are read here. */
interface Background {
  background: string
  background_url: string | null
}

/** Its picture: an address, or in releases that have an address beside it what that is made from. */
export function backgroundOf(flow: Background, context: Context): string {
  const { background, background_url } = flow
  const hasAddressBeside = keyIn(context.release, 'Flow', 'background_url') !== undefined
  if (!hasAddressBeside) return backgroundUrlOf(flow, context)
  return background_url === null ? '' : background
}

/** The address of its picture. */
export const backgroundUrlOf = ({ background, background_url }: Background, context: Context) =>
  addressOfFile(background_url ?? background, context)

const WELCOME = 'Welcome to authentik!'
const CONSENT = {
  name: 'Authorize Application',
  title: 'Redirecting to %(app)s',
  designation: 'authorization',
} as const
const SETUP = { designation: 'stage_configuration', authentication: 'require_authenticated' } as const
const INVALIDATION = { designation: 'invalidation' } as const

/** The flow that logs a browser out of authentik, by its slug. */
export const INVALIDATION_FLOW = 'default-invalidation-flow'
/** The flow in which users give themselves a new password. */
export const PASSWORD_FLOW = 'default-password-change'
/** The slug of the flow by which users change what is known of them. */
export const SETTINGS_FLOW = 'default-user-settings-flow'
/** The flow that authentik's example of a recovery makes; nobody has it from the start. */
export const RECOVERY_FLOW = 'default-recovery-flow'

/** authentik's own flows. */
export const DEFAULT_FLOWS = [
  { slug: 'default-authentication-flow', name: WELCOME, title: WELCOME, designation: 'authentication' },
  {
    slug: 'default-authenticator-static-setup',
    name: 'default-authenticator-static-setup',
    title: 'Setup Static OTP Tokens',
    ...SETUP,
  },
  {
    slug: 'default-authenticator-totp-setup',
    name: 'default-authenticator-totp-setup',
    title: 'Setup Two-Factor authentication',
    ...SETUP,
  },
  {
    slug: 'default-authenticator-webauthn-setup',
    name: 'default-authenticator-webauthn-setup',
    title: 'Setup WebAuthn',
    ...SETUP,
  },
  { slug: INVALIDATION_FLOW, name: 'Logout', title: 'Default Invalidation Flow', ...INVALIDATION },
  { slug: PASSWORD_FLOW, name: 'Change Password', title: 'Change password', ...SETUP },
  {
    slug: 'default-provider-authorization-explicit-consent',
    ...CONSENT,
    authentication: 'require_authenticated',
  },
  {
    slug: 'default-provider-authorization-implicit-consent',
    ...CONSENT,
    authentication: 'require_authenticated',
  },
  {
    slug: 'default-provider-invalidation-flow',
    name: 'Logged out of application',
    title: "You've logged out of %(app)s.",
    ...INVALIDATION,
  },
  {
    slug: 'default-source-authentication',
    name: WELCOME,
    title: WELCOME,
    designation: 'authentication',
    authentication: 'require_unauthenticated',
  },
  {
    slug: 'default-source-enrollment',
    name: `${WELCOME} Please select a username.`,
    title: `${WELCOME} Please select a username.`,
    designation: 'enrollment',
  },
  {
    slug: 'default-source-pre-authentication',
    name: 'Pre-Authentication',
    title: 'Pre-authentication',
    designation: 'stage_configuration',
  },
  { slug: SETTINGS_FLOW, name: 'User settings', title: 'Update your info', ...SETUP },
  { slug: 'initial-setup', name: 'default-oobe-setup', title: WELCOME, designation: 'stage_configuration' },
] as const

/** The slugs of the flows that providers use where nobody says otherwise, by what they use them for. */
export const PROVIDER_FLOWS = {
  authentication_flow: 'default-authentication-flow',
  authorization_flow: 'default-provider-authorization-explicit-consent',
  invalidation_flow: 'default-provider-invalidation-flow',
  first_authorization_flow: 'default-provider-authorization-implicit-consent',
} as const

/** The flow of a first provider that names none, in a world that has no flows. */
const UNNAMED_FLOW = createRandom('flow', PROVIDER_FLOWS.first_authorization_flow).uuid()

/** The flow of a provider that names none: authentik's own that asks for no consent, or another one for authorization. */
export function authorizationFlowIn(rows: FileRows): string | null {
  const flows = rows('flows')
  const flow =
    flows.find(({ slug }) => slug === PROVIDER_FLOWS.first_authorization_flow) ??
    flows.find(({ designation }) => designation === 'authorization')
  return typeof flow?.['pk'] === 'string' ? flow['pk'] : null
}

/**
 * A flow for each that the providers of a world name, which has no flows itself. The first that is used for something
 * is authentik's own; the authorization flow of the provider with the lowest pk asks for no consent.
 */
export function inferFlows(rows: FileRows): FileRow[] {
  const providers = rows('providers').toSorted((a, b) => Number(a['pk']) - Number(b['pk']))
  const inferred = new Map<string, FileRow>()
  const slugs = new Set<string>()
  const infer = (pk: unknown, slug: string) => {
    if (typeof pk !== 'string' || inferred.has(pk)) return
    const flow = DEFAULT_FLOWS.find((candidate) => candidate.slug === slug)
    const policybindingmodel_ptr_id = createRandom('flow', pk).uuid()
    const free = slugs.has(slug) ? `${slug.slice(0, 41)}-${pk.slice(0, 8)}` : slug
    slugs.add(free)
    inferred.set(pk, { pk, policybindingmodel_ptr_id, ...flow, slug: free })
  }
  const [first] = providers
  if (first)
    infer(
      'authorization_flow' in first ? first['authorization_flow'] : UNNAMED_FLOW,
      PROVIDER_FLOWS.first_authorization_flow,
    )
  for (const provider of providers)
    for (const use of ['authorization_flow', 'authentication_flow', 'invalidation_flow'] as const)
      infer(provider[use], PROVIDER_FLOWS[use])
  return [...inferred.values()]
}

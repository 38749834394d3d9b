/** Flows by their slugs: those of the world, and those that every authentik has and a world need not name. */
import { quote } from '../../schema/json.ts'
import { createRandom } from '../../store/random.ts'
import { findFlowOf, namedFlow } from '../brands.ts'
import { behaviourIn, type OAuthContext } from '../oidc/endpoint.ts'
import { BACKGROUND, DEFAULT_FLOWS, PROVIDER_FLOWS } from '../resources/default-flows.ts'
import { flows, type Flow } from '../resources/flows.ts'

/** The flow in which a person enters the code of a device, where the world says nothing of its brand. */
const DEVICE_FLOW = {
  slug: 'default-device-code-flow',
  name: 'Device code flow',
  title: 'Device code flow',
  designation: 'stage_configuration',
  authentication: 'require_authenticated',
} as const

/** A flow by its slug. */
export function findFlow(slug: string, context: Pick<OAuthContext, 'world' | 'release'>): Flow | undefined {
  const row = context.world.table(flows).find('slug', slug)
  if (row) return row
  if (slug === PROVIDER_FLOWS.invalidation_flow && !behaviourIn(context).logoutRunsFlow) return undefined
  const facts = [...DEFAULT_FLOWS, DEVICE_FLOW].find((flow) => flow.slug === slug)
  if (!facts) return undefined
  const pk = createRandom('flow', slug).uuid()
  return {
    background: BACKGROUND,
    background_url: null,
    layout: 'stacked',
    authentication: 'none',
    policy_engine_mode: 'any',
    ...facts,
    pk,
  } as Flow
}

/** Says which flow is not there, and which are. */
export function missingFlow(slug: string, context: Pick<OAuthContext, 'world' | 'release'>): string {
  const worldSlugs = Array.from(context.world.table(flows).values(), (flow) => flow.slug)
  const builtIn = [...DEFAULT_FLOWS, DEVICE_FLOW].map((flow) => flow.slug)
  const slugs = [...new Set([...worldSlugs, ...builtIn])].filter((candidate) => findFlow(candidate, context))
  return `there is no flow ${quote(slug)}. There are: ${slugs.slice(0, 20).join(', ')}`
}

/** The flow by which the brand lets devices in; undefined where its world says that it has none. */
export function deviceFlowOf(context: Pick<OAuthContext, 'world' | 'release' | 'call'>): Flow | undefined {
  const pk = namedFlow('flow_device_code', context)
  return pk === undefined ? findFlow(DEVICE_FLOW.slug, context) : findFlowOf(pk, context.world)
}

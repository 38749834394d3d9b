/** The brand of the host that is asked, and the flows that it names (docs/authentik.md#brands). */
import { originOf, type Call } from '../http/message.ts'
import type { World } from '../store/world.ts'
import { brands, type Brand } from './resources/brands.ts'
import { INVALIDATION_FLOW, PROVIDER_FLOWS } from './resources/default-flows.ts'
import { flows, type Flow } from './resources/flows.ts'

/** A call, and the world in which it is answered. */
interface BrandQuestion {
  call: Call
  world: World
}

/** The brand of a host, with its port or without: the one whose domain it ends with, or the default one, or the first. */
export function brandOf({ call, world }: BrandQuestion): Brand | undefined {
  const { host, hostname } = new URL(originOf(call))
  const isOf = (domain: string) => host.endsWith(domain) || hostname.endsWith(domain)
  const rows = [...world.table(brands).values()]
  const matching = rows.filter(({ domain }) => isOf(domain.toLowerCase()))
  return matching.sort((a, b) => b.domain.length - a.domain.length)[0] ?? rows.find((brand) => brand.default) ?? rows[0]
}

/** The flow that something names by its pk, if it names one that is there. */
export const findFlowOf = (pk: unknown, world: World): Flow | undefined =>
  typeof pk === 'string' ? world.table(flows).get(pk) : undefined

/** The slug of the flow by which the brand has people log in, or out: authentik's own where it names none. */
export function defaultFlowOf(designation: 'authentication' | 'invalidation', question: BrandQuestion): string {
  const flow = findFlowOf(brandOf(question)?.[`flow_${designation}`], question.world)
  return flow?.slug ?? (designation === 'authentication' ? PROVIDER_FLOWS.authentication_flow : INVALIDATION_FLOW)
}

/** The pk of the flow that the brand names for something, null for none; undefined where nothing is said of it. */
export function namedFlow(
  field: 'flow_device_code' | 'flow_recovery',
  question: BrandQuestion,
): string | null | undefined {
  const brand = brandOf(question)
  return brand?.finds_flows ? (brand[field] ?? undefined) : brand?.[field]
}

/** The flow by which the brand has users set a new password; where nothing is said of it, the one that is for that. */
export function recoveryFlowOf(question: BrandQuestion): Flow | undefined {
  const pk = namedFlow('flow_recovery', question)
  if (pk !== undefined) return findFlowOf(pk, question.world)
  return [...question.world.table(flows).values()].find(({ designation }) => designation === 'recovery')
}

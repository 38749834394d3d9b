/** The outposts that a world lists; loaded when asked for. */
import { isObject } from '../../schema/json.ts'
import { createRandom } from '../../store/random.ts'
import type { World } from '../../store/world.ts'

/** The outpost that every authentik has, where a world lists none. */
export function outpostsIn(world: World): readonly object[] {
  const listed = world.aside['outposts']
  if (Array.isArray(listed)) return listed.filter(isObject)
  const pk = createRandom('outpost', 'embedded').uuid()
  return [
    {
      pk,
      name: 'authentik Embedded Outpost',
      type: 'proxy',
      providers: [],
      providers_obj: [],
      service_connection: null,
      service_connection_obj: null,
      refresh_interval_s: 300,
      token_identifier: `ak-outpost-${pk}-api`,
      config: { log_level: 'info', authentik_host: '' },
      managed: 'goauthentik.io/outposts/embedded',
    },
  ]
}

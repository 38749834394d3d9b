/** What runs here: release, fidelity, clock, rows. */
import manifest from '../../package.json' with { type: 'json' }
import { deviationsOf } from '../authentik/deviations.ts'
import { countOperations } from '../authentik/operations/documented.ts'
import { versions } from '../authentik/releases/index.ts'
import { clockState } from './clock-state.ts'
import type { Namespace } from './namespace.ts'
import type { MockStatus } from './types.ts'

/** The status of a namespace. */
export async function statusOf({ authentik, clock, core, name }: Namespace): Promise<MockStatus> {
  const { world, release } = core
  const { superuser = null, user = null } = authentik.tokens()
  return {
    version: manifest.version,
    release: release.version,
    fidelity: authentik.fidelity,
    seed: authentik.seed ?? null,
    basePath: authentik.basePath,
    namespace: name ?? null,
    clock: clockState(clock),
    rows: Object.fromEntries(world.resources.map((resource) => [resource.name, world.tableNamed(resource.name).size])),
    keys: Object.fromEntries(world.resources.map((resource) => [resource.name, resource.key])),
    operations: await countOperations(release.version),
    deviations: deviationsOf(release).map(({ id }) => id),
    tokens: { superuser, user },
    releases: [...versions],
  }
}

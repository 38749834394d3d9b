/** What a release of authentik allows in a world. */
import type { AuthentikRelease } from '../authentik/behaviour.ts'
import { applications } from '../authentik/resources/applications.ts'
import { assignedPermissions } from '../authentik/resources/assigned-permissions.ts'
import { authenticatedSessions } from '../authentik/resources/authenticated-sessions.ts'
import { flows } from '../authentik/resources/flows.ts'
import { policyBindings } from '../authentik/resources/policy-bindings.ts'
import { componentsIn, componentsOf } from '../rest/deviation.ts'
import { componentOf, nameOf, toOpenApi, type Schema } from '../schema/words.ts'
import type { Resource } from '../store/resource.ts'
import type { Dependent, WorldRules } from '../store/row.ts'

/** What says who may use what is gone goes along. */
const BINDINGS: readonly Dependent[] = [{ resource: policyBindings.name, field: 'target', origin: 'pk' }]

/** The rules of a release, as its documents and its behaviour have them. */
export function rulesOf(release: AuthentikRelease): WorldRules {
  const limits = new Map<Resource, ReadonlyMap<string, number>>()
  const grants: Dependent[] = release.behaviour.diesWithSession.map((resource) => ({
    resource,
    field: 'session',
    origin: 'session_key',
  }))
  return {
    allowsOwnParent: release.behaviour.groupsHaveParents,
    maxLengths(resource) {
      const lengths = limits.get(resource) ?? lengthsIn(release, resource)
      limits.set(resource, lengths)
      return lengths
    },
    dependents({ name }) {
      if (name === authenticatedSessions.name) return grants
      return name === applications.name || name === flows.name ? BINDINGS : []
    },
    async findPermissionFaults(permissions, source) {
      const rows = source.table(assignedPermissions)
      if (rows.size === 0 && Object.keys(permissions).length === 0) return []
      return (await import('../authentik/answers/codenames.ts')).findCodenameFaults(permissions, rows)
    },
  }
}

/** How long the texts of a resource may be that the documents of a release show. */
function lengthsIn(release: AuthentikRelease, resource: Resource): ReadonlyMap<string, number> {
  const component = 'component' in resource ? (resource.component as Schema) : undefined
  const name = component ? nameOf(component) : ''
  const operations = release.operations.filter(({ manages, resource: subject }) => manages && subject === resource)
  const schema = componentsOf(release).get(name) ?? componentsIn(operations).get(name)
  const { shape = {} } = schema ? componentOf(schema) : {}
  return new Map(
    Object.entries(shape).flatMap(([field, value]) => {
      const { maxLength } = toOpenApi(value)
      return maxLength === undefined ? [] : [[field, maxLength]]
    }),
  )
}

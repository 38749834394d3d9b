/** What a release of authentik allows in a world. */
import type { AuthentikRelease } from '../authentik/behaviour.ts'
import { componentOf, nameOf, reachableComponents, toOpenApi, type Schema } from '../schema/words.ts'
import type { Resource } from '../store/resource.ts'
import type { WorldRules } from '../store/row.ts'

/** The rules of a release, as its documents and its behaviour have them. */
export function rulesOf({ operations, behaviour }: AuthentikRelease): WorldRules {
  let components: Map<string, Schema> | undefined
  const findComponents = () =>
    reachableComponents(
      operations.flatMap(({ responses }) => Object.values(responses).filter((schema) => schema !== null)),
    )
  const limits = new Map<Resource, ReadonlyMap<string, number>>()
  return {
    allowsCircles: behaviour.groupsMayCircle,
    maxLengths(resource) {
      components ??= findComponents()
      const lengths = limits.get(resource) ?? lengthsIn(components, resource)
      limits.set(resource, lengths)
      return lengths
    },
  }
}

/** How long the texts of a resource may be that the documents of a release show. */
function lengthsIn(components: ReadonlyMap<string, Schema>, resource: Resource): ReadonlyMap<string, number> {
  const component = 'component' in resource ? (resource.component as Schema) : undefined
  const schema = component && components.get(nameOf(component))
  const { shape = {} } = schema ? componentOf(schema) : {}
  return new Map(
    Object.entries(shape).flatMap(([field, value]) => {
      const { maxLength } = toOpenApi(value)
      return maxLength === undefined ? [] : [[field, maxLength]]
    }),
  )
}

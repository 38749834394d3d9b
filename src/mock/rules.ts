/** What a release of authentik allows in a world. */
import type { AuthentikRelease } from '../authentik/behaviour.ts'
import { nameOf, reachableComponents, componentOf, toOpenApi, type Schema, type Shape } from '../schema/words.ts'
import type { Resource } from '../store/resource.ts'
import type { WorldRules } from '../store/row.ts'

const NO_FIELDS: Shape = {}

/** The rules of a release, as its documents and its behaviour have them. */
export function rulesOf({ operations, behaviour }: AuthentikRelease): WorldRules {
  const shapes = new Map<Resource, Shape>()
  const documented = () =>
    reachableComponents(
      operations.flatMap(({ responses }) => Object.values(responses).filter((schema) => schema !== null)),
    )
  let components: Map<string, Schema> | undefined
  const shapeOf = (resource: Resource): Shape => {
    const component = 'component' in resource ? (resource.component as Schema) : undefined
    const schema = component && (components ??= documented()).get(nameOf(component))
    return (schema && componentOf(schema).shape) ?? NO_FIELDS
  }
  return {
    allowsCircles: behaviour.groupsMayCircle,
    maxLength(resource, field) {
      const shape = shapes.get(resource) ?? shapeOf(resource)
      shapes.set(resource, shape)
      const schema = Object.hasOwn(shape, field) ? shape[field] : undefined
      return schema && toOpenApi(schema).maxLength
    },
  }
}

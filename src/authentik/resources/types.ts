/** What can be made of each kind of thing: the lists from which the web interface lets one choose. */
import { operation, type Context, type Operation } from '../../rest/operation.ts'
import { boolean, component, list, optional, text, withDefault } from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'
import { isWithin } from '../releases/versions.ts'
import { addressOfFile } from '../static-files.ts'
import type { KindOfType } from '../answers/type-list.ts'

/** What can be made of a kind. */
export const TypeCreate = once(() =>
  component('TypeCreate', {
    name: text(),
    description: text(),
    component: text(),
    model_name: text(),
    icon_url: optional(text()),
    requires_enterprise: withDefault(optional(boolean()), false),
  }),
)

/** The operation that lists what can be made of a kind; the lists are loaded when one is asked for. */
export const typesOperation = <const Id extends string>(id: Id, path: string, kind: KindOfType): Operation<Id> =>
  operation({
    id,
    method: 'GET',
    tag: path.split('/')[1] ?? '',
    parameters: {},
    view: { path, name: 'Types', description: 'Get all creatable types', open: 'users' },
    summary: 'Lists what can be made of this kind.',
    get responses() {
      return { 200: list(TypeCreate()) }
    },
    resolve: (context) => listTypes(kind, context),
  })

/** The types of a kind that a release has, as it lists them. */
export async function listTypes(kind: KindOfType, { release, serializer, call }: Context) {
  const { typesOf } = await import('../answers/type-list.ts')
  const absent = serializer.has('icon-null') ? null : undefined
  return typesOf(kind)
    .filter(({ lines }) => lines === undefined || isWithin(release.version, lines))
    .map(({ lines: _lines, icon_url, ...type }) => ({
      ...type,
      icon_url: icon_url === undefined ? absent : addressOfFile(icon_url, { call }),
    }))
}

/** Groups of users; a group may stand in another, and makes its members superusers when it or one above it says so. */
import type { Known, Resource } from '../core/resource.ts'
import { anyObject, boolean, component, described, integer, list, nullable, optional, readOnly, text, uuid } from '../core/schema.ts'
import { attributes, defaulted, derived, model, type RowOf } from './model.ts'

/** A group as it stands inside a user (FACTS 2.5). */
export const UserGroup = component('UserGroup', {
  pk: readOnly(uuid()),
  num_pk: described(readOnly(integer()), 'The first five decimal digits of the pk.'),
  name: text(),
  is_superuser: described(optional(boolean()), 'Whether its members are superusers.'),
  parent: optional(nullable(uuid())),
  parent_name: readOnly(nullable(text())),
  attributes: optional(anyObject()),
})

const Group = model({
  pk: uuid(),
  name: text(),
  is_superuser: defaulted(boolean(), false),
  parent: defaulted(nullable(uuid()), null),
  attributes: attributes(),
  roles: defaulted(list(uuid()), []),
  num_pk: derived(integer()),
  parent_name: derived(nullable(text())),
  users: derived(list(integer())),
  // from 2025.12
  parents: optional(list(uuid())),
  children: optional(list(uuid())),
  inherited_roles_obj: optional(nullable(list(anyObject()))),
})
export type Group = RowOf<typeof Group>

export const groups: Resource<Group> = {
  name: 'groups',
  key: 'pk',
  model: Group,
  references: {
    get parent() {
      return groups
    },
    get parents() {
      return groups
    },
  },
  count: () => SEEDED.length,
  seed({ number, faker, known }) {
    const { name, parent, ...rest } = SEEDED[number - 1]!
    const above = [...known.rows(groups).all()].find((one) => one.name === parent)
    return { pk: faker.string.uuid(), name, is_superuser: false, parent: above?.pk ?? null, attributes: {}, roles: [], ...rest }
  },
  derive: (row, known) => ({
    num_pk: toNumber(row),
    ...(row.parents ? {} : { parent_name: toParentName(row, known) }),
    users: [...known.named('users').all()].filter((user) => user.groups.includes(row.pk)).map((user) => user.pk),
  }),
}

const SEEDED: { name: string; parent?: string; is_superuser?: boolean; attributes?: Record<string, unknown> }[] = [
  { name: 'authentik Admins', is_superuser: true },
  { name: 'staff', attributes: { floor: 3 } },
  { name: 'engineering', parent: 'staff' },
  { name: 'developers', parent: 'engineering', attributes: { oncall: true } },
]

/** @returns whether the group or one above it makes its members superusers */
export function makesSuperuser(pk: string, known: Known, seen: readonly string[] = []): boolean {
  const group = known.rows(groups).get(pk)
  if (!group || seen.includes(pk)) return false
  return group.is_superuser || [...(group.parent ? [group.parent] : []), ...(group.parents ?? [])].some((above) => makesSuperuser(above, known, [...seen, pk]))
}

export const toUserGroup = (row: Group, known: Known) => ({
  pk: row.pk,
  num_pk: toNumber(row),
  name: row.name,
  is_superuser: row.is_superuser,
  parent: row.parent,
  parent_name: toParentName(row, known),
  attributes: row.attributes,
})

const toParentName = ({ parent }: Group, known: Known) => (parent === null ? null : (known.rows(groups).get(parent)?.name ?? null))

function toNumber(row: Group): number {
  const known = numbers.get(row)
  if (known !== undefined) return known
  const number = Number(
    BigInt(`0x${row.pk.replaceAll('-', '')}`)
      .toString()
      .slice(0, 5),
  )
  numbers.set(row, number)
  return number
}

const numbers = new WeakMap<Group, number>()

/** Users: people, and the service accounts that act as users. */
import { DAY, EPOCH, toInstant } from '../core/clock.ts'
import { resource, type Known } from '../core/resource.ts'
import { anyObject, boolean, choice, component, dateTime, described, email, integer, list, nullable, optional, readOnly, text, uuid } from '../core/schema.ts'
import { groups, makesSuperuser, toUserGroup, UserGroup } from './groups.ts'
import { attributes, defaulted, derived, model, type RowOf } from './model.ts'

const UserTypeEnum = choice('UserTypeEnum', ['internal', 'external', 'service_account', 'internal_service_account'])

/** A user as it stands inside a grant (FACTS 2.4). */
export const User = component('User', {
  pk: readOnly(integer()),
  username: text({ maxLength: 150 }),
  name: described(text(), 'The name that is shown.'),
  is_active: described(optional(boolean()), 'An inactive user can neither log in nor use a token.'),
  last_login: optional(nullable(dateTime())),
  is_superuser: readOnly(boolean()),
  groups: optional(list(uuid())),
  groups_obj: readOnly(nullable(list(UserGroup))),
  email: optional(email({ maxLength: 254 })),
  avatar: described(readOnly(text()), 'An http(s) URL or a data URI.'),
  attributes: optional(anyObject()),
  uid: described(readOnly(text()), '64 hexadecimal digits that stay the same for as long as the user exists.'),
  path: optional(text()),
  type: optional(UserTypeEnum),
  uuid: readOnly(uuid()),
})

const Row = model({
  pk: integer(),
  username: text({ maxLength: 150 }),
  name: defaulted(text(), ''),
  is_active: defaulted(boolean(), true),
  last_login: defaulted(nullable(dateTime()), null),
  is_superuser: derived(boolean()),
  groups: defaulted(list(uuid()), []),
  email: defaulted(text({ maxLength: 254 }), ''),
  avatar: defaulted(text(), '/static/dist/assets/images/user_default.png'),
  attributes: attributes(),
  uid: text(),
  path: defaulted(text(), 'users'),
  type: defaulted(UserTypeEnum, 'internal'),
  uuid: uuid(),
  password: described(optional(text()), 'What the login flow accepts.'),
  // from 2025.2
  date_joined: optional(dateTime()),
  last_updated: optional(dateTime()),
  password_change_date: optional(dateTime()),
  roles: optional(list(uuid())),
})
export type User = RowOf<typeof Row>

export const users = resource<User>({
  name: 'users',
  key: 'pk',
  unique: ['username'],
  model: Row,
  references: { groups },
  count: () => SEEDED.length,
  seed({ number, faker, known, dice }) {
    const { username: fixed, name: fixedName, in: memberships = [], ...rest } = SEEDED[number - 1]!
    const [firstName, lastName] = [faker.person.firstName(), faker.person.lastName()]
    const username = fixed ?? `${firstName}.${lastName}${number}`.toLowerCase().replace(/[^a-z.0-9]/g, '')
    const name = fixedName ?? `${firstName} ${lastName}`
    return {
      pk: number,
      username,
      name,
      is_active: true,
      last_login: number % 3 === 0 ? null : toInstant(EPOCH - Math.floor(dice.next() * 30 * DAY), Math.floor(dice.next() * 1000)),
      groups: [...known.rows(groups).all()].filter((group) => memberships.includes(group.name)).map((group) => group.pk),
      email: `${username}@example.com`,
      avatar: toAvatar(name, dice.hex(6)),
      attributes: number % 2 === 0 ? { department: faker.commerce.department(), settings: { locale: 'en' } } : {},
      uid: dice.hex(64),
      path: 'users',
      type: 'internal',
      uuid: faker.string.uuid(),
      password: `${username}-password`,
      ...rest,
    }
  },
  derive: (row, known) => ({ is_superuser: isSuperuser(row, known) }),
})

const SEEDED: (Partial<User> & { in?: string[] })[] = [
  { username: 'akadmin', name: 'authentik Default Admin', in: ['authentik Admins'] },
  { in: ['developers'] },
  { in: ['developers', 'staff'] },
  { in: ['staff'] },
  { type: 'external' },
  { username: 'ak-service', name: 'Service Account', type: 'service_account', path: 'goauthentik.io/service-accounts' },
  { is_active: false },
  { username: 'ak-outpost', name: 'Embedded Outpost', type: 'internal_service_account', path: 'goauthentik.io/outposts' },
]

/** Whether one of a user's groups, or one above it, makes superusers. */
export const isSuperuser = (row: User, known: Known) => row.groups.some((group) => makesSuperuser(group, known))

/** @param withGroups whether `groups_obj` is wanted; null otherwise, as `?include_groups=false` asks (FACTS 2.4) */
export const toUser = (row: User, known: Known, withGroups: boolean) => ({
  pk: row.pk,
  username: row.username,
  name: row.name,
  is_active: row.is_active,
  last_login: row.last_login,
  is_superuser: isSuperuser(row, known),
  groups: row.groups,
  groups_obj: withGroups ? row.groups.map((group) => toUserGroup(known.rows(groups).get(group)!, known)) : null,
  email: row.email,
  avatar: row.avatar,
  attributes: row.attributes,
  uid: row.uid,
  path: row.path,
  type: row.type,
  uuid: row.uuid,
})

/** A picture of a name's initials, as a data URI, so that it shows offline too. */
function toAvatar(name: string, colour: string): string {
  const words = name.split(' ')
  const initials = `${words[0]![0]}${words.at(-1)![0]}`.toUpperCase()
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><circle cx="32" cy="32" r="32" fill="#${colour}"/><text x="32" y="42" fill="#fff" font-family="sans-serif" font-size="28" text-anchor="middle">${initials}</text></svg>`
  return `data:image/svg+xml;base64,${btoa(svg)}`
}

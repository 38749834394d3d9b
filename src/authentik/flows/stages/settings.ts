/** The stage at which users change what is known of them, as authentik's own flow of their settings has it. */
import { isObject, readKey } from '../../../schema/json.ts'
import { component, email, optional, text } from '../../../schema/words.ts'
import { EMAIL, users, type User } from '../../resources/users.ts'
import { error, userIn, type StageContext, type StageDefinition } from './stage.ts'

const LOCALE = 'attributes.settings.locale'

/** The fields, in their order: what they are called, and what kind they are of. */
const FIELDS = [
  ['username', 'Username', 'username'],
  ['name', 'Name', 'text'],
  ['email', 'Email', 'email'],
  [LOCALE, 'Locale', 'ak-locale'],
] as const

/** What is known of a user in each field. */
const valuesOf = (user: User | undefined): Record<string, string> => ({
  username: user?.username ?? '',
  name: user?.name ?? '',
  email: user?.email ?? '',
  [LOCALE]: String(readKey(readKey(user?.attributes, 'settings'), 'locale') ?? ''),
})

const filled = () => text({ minLength: 1 })

/** A field without a value has to have one in the answer. */
function formFor(context: StageContext) {
  const values = valuesOf(userIn(context))
  const fields = { username: filled(), name: filled(), email: email(EMAIL), [LOCALE]: text() }
  return component(
    'PromptChallengeResponse',
    Object.fromEntries(
      Object.entries(fields).map(([name, schema]) => [name, values[name] === '' ? schema : optional(schema)]),
    ),
  )
}

/** What authentik lets nobody change of themselves unless it is told to. */
const GUARDED = [
  ['email', 'Not allowed to change email address.'],
  ['username', 'Not allowed to change username.'],
] as const

/** Whether somebody may change that of themselves: their attributes say it. */
const mayChange = (name: string, user: User | undefined) =>
  readKey(user?.attributes, `goauthentik.io/user/can-change-${name}`) === true

/** What is wrong with an answer. */
function faultOf(answers: Readonly<Record<string, string>>, context: StageContext) {
  const user = userIn(context)
  const table = context.world.table(users)
  const namesake = table.find('username', answers['username'] ?? '')
  if (namesake && namesake.pk !== user?.pk) return { username: error('Username is already taken.', 'invalid') }
  const values = valuesOf(user)
  const refusal = GUARDED.find(([name]) => answers[name] !== values[name] && !mayChange(name, user))
  return refusal && { non_field_errors: error(refusal[1], 'invalid') }
}

export const settings: StageDefinition = {
  component: 'ak-stage-prompt',
  challenge(context) {
    const values = valuesOf(userIn(context))
    return {
      fields: FIELDS.map(([field_key, label, type], index) => ({
        field_key,
        label,
        type,
        required: true,
        placeholder: label,
        initial_value: values[field_key],
        order: 200 + index,
        sub_text: '',
        choices: null,
      })),
    }
  },
  form: formFor,
  answer(context, values) {
    const answers = { ...valuesOf(userIn(context)), ...(values as Record<string, string>) }
    const errors = faultOf(answers, context)
    if (errors) return { errors }
    context.plan.answers = answers
    return 'done'
  },
}

/** What the answers make of a user. */
export function withSettings(user: User, answers: Readonly<Record<string, string>>): Partial<User> {
  const { [LOCALE]: locale, ...fields } = answers
  const current = readKey(user.attributes, 'settings')
  const rest = isObject(current) ? current : {}
  return { ...fields, attributes: { ...user.attributes, settings: { ...rest, locale: locale ?? '' } } }
}

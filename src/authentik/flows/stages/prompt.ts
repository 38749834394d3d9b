/** The stages by which users change something of themselves: a prompt asks for a new password, and the next one writes down what was asked. */
import { component, text } from '../../../schema/words.ts'
import { toInstant } from '../../../store/clock.ts'
import { users } from '../../resources/users.ts'
import { withSettings } from './settings.ts'
import { error, userIn, type StageDefinition } from './stage.ts'

const PASSWORD = text({ minLength: 1 })
const FORM = component('PromptChallengeResponse', { password: PASSWORD, password_repeat: PASSWORD })

/** A field as the challenge has it. */
const toField = (field_key: string, label: string, order: number) => ({
  field_key,
  label,
  type: 'password',
  required: true,
  placeholder: label,
  initial_value: '',
  order,
  sub_text: '',
  choices: null,
})

export const prompt: StageDefinition = {
  component: 'ak-stage-prompt',
  challenge: ({ stage: { order = 0 } }) => ({
    fields: [toField('password', 'Password', order), toField('password_repeat', 'Password (repeat)', order + 1)],
  }),
  form: () => FORM,
  answer({ plan }, { password, password_repeat }) {
    if (password !== password_repeat)
      return { errors: { non_field_errors: error("Passwords don't match.", 'invalid') } }
    plan.answers = { password: String(password) }
    return 'done'
  },
}

export const userWrite: StageDefinition = {
  async pass(context) {
    const { plan, world } = context
    const { answers } = plan
    const user = userIn(context)
    if (answers === undefined) return { denied: 'No data found.' }
    if (!user) return { denied: "No user found and can't create new user." }
    // No prompt asks how long a name is, and the database takes none that is too long.
    if (!users.model.shape['username']?.safeParse(answers['username'] ?? user.username).success) return 'failed'
    const now = toInstant(world.clock.now())
    const { password } = answers
    const changes = {
      ...(password === undefined ? withSettings(user, answers) : { password, password_change_date: now }),
      last_updated: now,
    }
    await world.table(users).update(user.pk, (draft) => void Object.assign(draft, changes))
    return 'done'
  },
}

/** What can be asked of an application beside what it is: whether somebody may use it, and another picture for it. */
import { invalid, permissionDenied, Problem } from '../../rest/errors.ts'
import type { Context } from '../../rest/operation.ts'
import { lastOf, toInteger } from '../../rest/python.ts'
import { rowAction } from '../../rest/viewset-operations.ts'
import { readBody } from '../../rest/write-row.ts'
import { anyObject, boolean, choice, component, dateTime, integer, list, readOnly, text } from '../../schema/words.ts'
import { once } from '../../store/lazily.ts'
import { isAllowed } from '../auth/policies.ts'
import { applications, applicationsViewset, type Application } from './applications.ts'
import { users, type User } from './users.ts'

const LogEvent = once(() =>
  component('LogEvent', {
    timestamp: dateTime(),
    log_level: choice('LogLevelEnum', ['critical', 'exception', 'error', 'warn', 'warning', 'info', 'debug', 'notset']),
    logger: text(),
    event: text(),
    attributes: anyObject(),
  }),
)
const PolicyTestResult = once(() =>
  component('PolicyTestResult', {
    passing: boolean(),
    messages: readOnly(list(text())),
    log_messages: readOnly(list(LogEvent())),
  }),
)
const FilePath = once(() => component('FilePathRequest', { url: text({ minLength: 1 }) }))

/** Whom it is asked for: whoever asks, unless they name another. @throws Problem 400 */
function subjectOf({ query, world, caller }: Context): User | undefined {
  const pk = lastOf(query, 'for_user')
  if (pk === undefined) return world.table(users).get(caller.user ?? 0)
  const key = toInteger(pk)
  if (key === undefined) throw invalid({ for_user: 'for_user must be numerical' })
  const user = caller.superuser || caller.may('view_user') ? world.table(users).get(Number(key)) : undefined
  if (!user) throw invalid({ for_user: 'User not found' })
  return user
}

/** What can be asked of an application beside what it is. */
export const operations = [
  rowAction(applicationsViewset, {
    id: 'core_applications_check_access_retrieve',
    method: 'GET',
    name: 'check_access',
    summary: 'Shows whether somebody may use an application.',
    description: 'Check access to a single application by slug',
    query: { for_user: { schema: integer() } },
    responses: () => ({ 200: PolicyTestResult() }),
    find: applicationsViewset.findAny,
    resolve: (application: Application, context) => ({
      passing: isAllowed(subjectOf(context), application, context.world),
      messages: [],
      log_messages: [],
    }),
  }),
  rowAction(applicationsViewset, {
    id: 'core_applications_set_icon_url_create',
    method: 'POST',
    name: 'set_icon_url',
    lines: '-2025.10',
    summary: 'Gives an application a picture by its address.',
    description: 'Set application icon (as URL)',
    body: FilePath,
    responses: () => ({ 200: null, 400: null }),
    observed: ({ serializer }) => ({ isPlain: serializer.has('icon-empty-object') }),
    async resolve({ pk }: Application, context) {
      if (!context.caller.may('change_application')) throw permissionDenied()
      const { url } = await readBody(context, undefined, { partial: true })
      if (typeof url !== 'string') throw new Problem(400, '')
      await context.world.table(applications).update(pk, (draft) => void (draft.meta_icon = url))
      return {}
    },
  }),
]

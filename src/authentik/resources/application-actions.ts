/** What can be asked of an application beside what it is: whether somebody may use it, and another picture for it. */
import { Problem } from '../../rest/errors.ts'
import { rowAction } from '../../rest/viewset-operations.ts'
import { requireAllowed } from '../../rest/viewset.ts'
import {
  anyObject,
  boolean,
  choice,
  component,
  dateTime,
  integer,
  list,
  nullable,
  objectOf,
  readOnly,
  text,
} from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'
import { applications, applicationsViewset, type Application } from './applications.ts'

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
    resolve: async (application: Application, context) =>
      (await import('../answers/policy-bindings.ts')).checkAccess(application, context),
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
    find: applicationsViewset.findAny,
    async resolve({ pk }: Application, context) {
      requireAllowed(context.caller.may('change_application', pk), context.caller)
      const { readBody } = await import('../../rest/write-row.ts')
      const { url } = await readBody(context, objectOf({ url: nullable(text()) }), { partial: true })
      if (typeof url !== 'string') throw new Problem(400, '')
      // A form without a picture says so by an empty address.
      await context.world.table(applications).update(pk, (draft) => void (draft.meta_icon = url || null))
      return {}
    },
  }),
]

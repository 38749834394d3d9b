/** Which applications of a page somebody may start; loaded when a list is asked for. */
import { invalid, Problem } from '../../rest/errors.ts'
import type { Context } from '../../rest/operation.ts'
import type { Page } from '../../rest/pagination.ts'
import { lastOf, toInteger } from '../../rest/python.ts'
import { isAllowed } from '../auth/policies.ts'
import { launchUrlOf } from '../resources/application-launch.ts'
import type { Application } from '../resources/applications.ts'
import { users, type User } from '../resources/users.ts'

/**
 * What of a page somebody may start: it is cut by then, so that it can be shorter than it says. Applications that lead
 * nowhere are left out where only the others are asked for.
 */
export function onlyAllowed(page: Page<Application>, context: Context): Page<Application> {
  const { query, world, caller } = context
  const isTrue = (name: string) => lastOf(query, name)?.toLowerCase() === 'true'
  if (isTrue('superuser_full_list') && caller.superuser) return page
  const subject = readSubject(context)
  const user = subject ?? world.table(users).get(caller.user ?? 0)
  const isLaunched = (row: Application) =>
    subject || !isTrue('only_with_launch_url') || launchUrlOf(row, world) !== null
  return { ...page, results: page.results.filter((row) => isAllowed(user, row, world) && isLaunched(row)) }
}

/**
 * The user on whose behalf the list is asked for; undefined for the caller.
 * @throws Problem 400 for one who is not there, or whom the caller may not ask for
 */
function readSubject({ query, world, caller }: Context): User | undefined {
  const user = lastOf(query, 'for_user')
  if (user === undefined) return undefined
  const key = toInteger(user)
  if (key === undefined) throw new Problem(400, ['Invalid input.'])
  const row = caller.may('view_user_applications') ? world.table(users).get(Number(key)) : undefined
  if (!row) throw invalid({ for_user: 'User not found' })
  return row
}

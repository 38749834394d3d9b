/** What authentik writes of a change stands in the namespace in which it was made, and goes with its reset. */
import { expect, it } from 'vitest'
import { clientOf } from '../support/client.ts'
import { controlledMock } from '../support/control.ts'

it('an event is of its namespace alone, and gone when that is reset', async () => {
  const authentik = await controlledMock()
  const space = authentik.namespace('one')
  const token = authentik.tokens().superuser!
  const actionsIn = async (target: unknown) => {
    const { json } = await clientOf(target as never, { token }).get('/events/events/')
    return json.results.map(({ action }: { action: string }) => action)
  }
  await clientOf(space as never, { token }).post('/core/groups/', { name: 'readers' })
  expect([await actionsIn(authentik), await actionsIn(space)]).toEqual([[], ['model_created']])
  await space.reset()
  expect(await actionsIn(space)).toEqual([])
})

/** What a search of events can name, in releases that say. */
import type { World } from '../../store/world.ts'

const MODEL = 'authentik_events.event'
const texts = (options: readonly string[] | null = null) => ({ type: 'str', nullable: false, options })
const model = (name: string) => ({ type: 'relation', nullable: false, options: null, relation: `${MODEL}_${name}` })
const PARTS: Readonly<Record<string, Record<string, object>>> = {
  user: { pk: { ...texts(), type: 'int' }, username: texts(), email: texts() },
  brand: { pk: texts(), app: texts(), name: texts(), model_name: texts() },
  context: { http_request: model('context_http_request') },
  context_http_request: {
    args: model('context_http_request_args'),
    path: texts(),
    method: texts(),
    request_id: texts(),
    user_agent: texts(),
  },
}

/** What a search of events can name. @param actions those that a release writes events of */
export function searchOfEvents(actions: readonly string[], world: World): object {
  const apps = [...new Set([...world.tableNamed<{ app: string }>('events').values()].map(({ app }) => app))].sort()
  const fields = {
    action: texts(actions),
    event_uuid: texts(),
    app: texts(apps),
    client_ip: texts(),
    user: model('user'),
    brand: model('brand'),
    context: model('context'),
    created: { type: 'datetime', nullable: false, options: [] },
  }
  const parts = Object.entries(PARTS).map(([name, part]) => [`${MODEL}_${name}`, part])
  return { current_model: MODEL, models: { [MODEL]: fields, ...Object.fromEntries(parts) } }
}

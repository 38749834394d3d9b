/** The journal, and the stream of events. */
import { controlError } from '../grants.ts'
import { toHar } from '../har.ts'
import { notThere } from '../not-there.ts'
import { WholeReply, type ControlContext, type ControlRoute } from '../control-route.ts'
import { answers } from '../schemas.ts'
import type { JournalFilter } from '../types.ts'

const FILTERS: Readonly<Record<keyof JournalFilter, string>> = {
  operationId: "authentik's operationId.",
  method: 'A method.',
  path: 'A path, or its beginning with `*` at the end.',
  status: 'The status of the answer.',
  kind: '`api`, `oauth`, `flow`, `page` or `unknown`.',
  outcome: '`answered`, `not-emulated`, `refused`, `scenario` or `failed`.',
  user: 'The username of who asked.',
  scenario: 'The name, or the id, of a scenario.',
  after: 'Only entries after that with this id.',
  writes: '`true` for what changes something.',
}
const CLEAR = { clear: '`true` shows tokens, passwords and codes as they are.' }
const LIMIT = { limit: 'The last so many (100).' }
const TIMEOUT = { timeout: 'How long to wait, in milliseconds (5000).' }

/** Reads a filter. @throws MockError ERR_CONTROL for a parameter that there is not, or that is no number */
function filterOf({ query }: ControlContext, extras: Readonly<Record<string, string>>): JournalFilter {
  const names = [...Object.keys(FILTERS), ...Object.keys(extras)]
  const unknown = [...query.keys()].filter((name) => !names.includes(name))
  if (unknown.length)
    throw controlError(unknown.map((name) => `${name}: there is no such parameter; there are ${names.join(', ')}`))
  const read = (name: string, value: string) => {
    if (name === 'writes') return value === 'true'
    return name === 'status' || name === 'after' ? numberIn(query, name) : value
  }
  const pairs = [...query].filter(([name]) => !(name in extras))
  return Object.fromEntries(pairs.map(([name, value]) => [name, read(name, value)])) as JournalFilter
}

function numberIn(query: URLSearchParams, name: string, fallback?: number): number | undefined {
  const value = query.get(name)
  if (value === null) return fallback
  if (!/^\d{1,9}$/.test(value)) throw controlError([`${name}: "${value}" is no whole number`])
  return Number(value)
}

const isClear = ({ query }: ControlContext) => ({ clear: query.get('clear') === 'true' })

/** The routes. */
export const journalRoutes: readonly ControlRoute[] = [
  {
    path: '/-/mock/api/journal/',
    methods: {
      GET: {
        summary: 'What was asked and answered, the oldest first, with its secrets masked.',
        query: { ...FILTERS, ...LIMIT, ...CLEAR },
        answer: answers.entries,
        run(context) {
          const filter = filterOf(context, { ...LIMIT, ...CLEAR })
          const limit = numberIn(context.query, 'limit', 100) ?? 100
          const entries = context.namespace.journal.find(filter, isClear(context))
          return limit === 0 ? [] : entries.slice(-limit)
        },
      },
      DELETE: {
        summary: 'Forgets all entries.',
        run: ({ namespace }) => namespace.journal.clear(),
      },
    },
  },
  {
    path: '/-/mock/api/journal/wait/',
    methods: {
      GET: {
        summary: 'Waits for the first entry that a filter means; 408 when none came in time.',
        query: { ...FILTERS, ...TIMEOUT, ...CLEAR },
        answer: answers.entry,
        run(context) {
          const filter = filterOf(context, { ...TIMEOUT, ...CLEAR })
          const timeout = Math.min(numberIn(context.query, 'timeout', 5000) ?? 5000, 60_000)
          return context.namespace.journal.waitFor(filter, { timeout, ...isClear(context) })
        },
      },
    },
  },
  {
    path: '/-/mock/api/journal/har/',
    methods: {
      GET: {
        summary: 'The journal as an HTTP archive (HAR 1.2).',
        query: { ...FILTERS, ...CLEAR },
        answer: answers.har,
        run: (context) =>
          toHar(context.namespace.journal.find(filterOf(context, CLEAR), isClear(context)), context.call),
      },
    },
  },
  {
    path: '/-/mock/api/journal/{id}/',
    methods: {
      GET: {
        summary: 'One entry.',
        query: CLEAR,
        answer: answers.entry,
        run(context) {
          const { id = '' } = context.params
          const entry = context.namespace.journal.get(Number(id), isClear(context))
          if (!entry) throw notThere(`entry "${id}" in the journal`, 'GET journal/')
          return entry
        },
      },
    },
  },
  {
    path: '/-/mock/api/events/',
    methods: {
      GET: {
        summary: 'What happens, as server-sent events that are gathered for 100 ms.',
        run: ({ namespace }) =>
          new WholeReply({
            status: 200,
            headers: [['Content-Type', 'text/event-stream']],
            body: '',
            stream: namespace.events.stream,
          }),
      },
    },
  },
]

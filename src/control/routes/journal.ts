/** The journal, and the stream of events. */
import { toHar } from '../har.ts'
import { MockError } from '../../store/mock-error.ts'
import { lateError } from '../journal.ts'
import { notThere } from '../not-there.ts'
import { WholeReply, type ControlContext, type ControlRoute } from '../control-route.ts'
import { flagIn, numberIn } from '../query.ts'
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
const BRIEF = { brief: '`true` leaves out headers and bodies.' }
const CLEAR = { clear: '`true` shows tokens, passwords and codes as they are.' }
const LIMIT = { limit: 'The last so many (100).' }
const TIMEOUT = { timeout: 'How long to wait, in milliseconds (4000).' }

/** Reads a filter, which the journal checks. @throws MockError ERR_CONTROL for what is no number, or no flag */
function filterOf({ query }: ControlContext): JournalFilter {
  const read = (name: string, value: string) => {
    if (name === 'writes') return flagIn(query, name)
    return name === 'status' || name === 'after' ? numberIn(query, name) : value
  }
  const pairs = [...query].filter(([name]) => name in FILTERS)
  return Object.fromEntries(pairs.map(([name, value]) => [name, read(name, value)])) as JournalFilter
}

const isClear = ({ query }: ControlContext) => ({ clear: flagIn(query, 'clear') })
const tellingOf = (context: ControlContext) => ({ ...isClear(context), brief: flagIn(context.query, 'brief') })

/** The routes. */
export const journalRoutes: readonly ControlRoute[] = [
  {
    path: '/-/mock/api/journal/',
    methods: {
      GET: {
        summary: 'What was asked and answered, the oldest first, with its secrets masked.',
        query: { ...FILTERS, ...LIMIT, ...CLEAR, ...BRIEF },
        answer: answers.entries,
        run(context) {
          const filter = filterOf(context)
          const limit = numberIn(context.query, 'limit') ?? 100
          const entries = context.namespace.journal.find(filter, tellingOf(context))
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
        query: { ...FILTERS, ...TIMEOUT, ...CLEAR, ...BRIEF },
        answer: answers.entry,
        faults: { 408: 'None came in time.' },
        run(context) {
          const filter = filterOf(context)
          const timeout = Math.min(numberIn(context.query, 'timeout') ?? 4000, 60_000)
          const { journal, base } = context.namespace
          return journal.waitFor(filter, { timeout, ...tellingOf(context) }).catch((error: unknown) => {
            if (!(error instanceof MockError) || error.code !== 'ERR_JOURNAL') throw error
            throw lateError(filter, timeout, `GET ${base}/-/mock/api/journal/`)
          })
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
        run: (context) => toHar(context.namespace.journal.find(filterOf(context), isClear(context)), context.call),
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
          const entry = /^\d+$/.test(id) ? context.namespace.journal.get(Number(id), isClear(context)) : undefined
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
        summary: 'What happens, as server-sent events that are gathered for 100 ms: the data of each is one of these.',
        answer: answers.event,
        answerType: 'text/event-stream',
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

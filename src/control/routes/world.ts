/** The world: read, replaced, merged, seeded anew, kept and brought back; and its rows. */
import { noteUnknownNames } from '../../authentik/answers/unknown-names.ts'
import { toInstant } from '../../store/clock.ts'
import type { CheckedTable } from '../../store/checked-table.ts'
import type { Key } from '../../store/key.ts'
import { hasIntegerKey, type Resource } from '../../store/resource.ts'
import { mergeWorld } from '../../store/merge-world.ts'
import { checkWorld } from '../../store/world-file.ts'
import type { ControlContext, ControlRoute } from '../control-route.ts'
import { differenceOf } from '../difference.ts'
import { controlError } from '../control-error.ts'
import { notThere } from '../not-there.ts'
import { numberIn } from '../query.ts'
import { answers, bodies } from '../schemas.ts'
import { keepSnapshot, restoreSnapshot } from '../snapshots.ts'

type Row = Record<string, unknown>

/** The resource that a path names, with its rows. */
function tableOf({ namespace, params: { resource: name = '' } }: ControlContext): {
  resource: Resource
  table: CheckedTable<Row>
} {
  const { resources } = namespace.core.world
  const resource = resources.find((candidate) => candidate.name === name)
  if (!resource)
    throw notThere(`resource "${name}"; there are ${resources.map(({ name: key }) => key).join(', ')}`, 'GET world/')
  const tables = namespace.authentik.world as unknown as Record<string, CheckedTable<Row>>
  const table = tables[name]
  if (!table) throw notThere(`resource "${name}"`, 'GET world/')
  return { resource, table }
}

/** A key as a path has it; undefined for what can be none. */
function toKey(resource: Resource, text: string): Key | undefined {
  if (!hasIntegerKey(resource)) return text
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** The row that a path names, by a key that may be a number. */
function rowOf(context: ControlContext): { key: Key; row: Row; table: CheckedTable<Row>; resource: Resource } {
  const { resource, table } = tableOf(context)
  const { key: text = '' } = context.params
  const key = toKey(resource, text)
  const row = key === undefined ? undefined : table.get(key)
  if (key !== undefined && row) return { key, row, table, resource }
  throw notThere(`row "${text}" of ${resource.name}`, `GET world/${resource.name}/`)
}

/** Rows that have a text in them, a page of them. */
function searchRows(context: ControlContext): { count: number; rows: Row[] } {
  const { query } = context
  const { table } = tableOf(context)
  const search = (query.get('search') ?? '').toLowerCase()
  const rows = [...table.values()].filter((row) => search === '' || JSON.stringify(row).toLowerCase().includes(search))
  const [offset, limit] = [numberIn(query, 'offset') ?? 0, numberIn(query, 'limit') ?? 100]
  return { count: rows.length, rows: rows.slice(offset, offset + limit) }
}

async function replaceWorld({ namespace, body }: ControlContext): Promise<void> {
  const { world, form, settings } = namespace.core
  const checked = checkWorld(body, form)
  await namespace.replace(async () => {
    await world.load(checked)
    namespace.ledger.clear()
  })
  noteUnknownNames(world, settings.log)
}

async function mergeIntoWorld({ namespace, body }: ControlContext): Promise<void> {
  const { world, form, settings } = namespace.core
  await namespace.replace(() => world.load(mergeWorld(body, world, form), world.state()))
  noteUnknownNames(world, settings.log)
}

const rowRoute: ControlRoute = {
  path: '/-/mock/api/world/{resource}/{key}/',
  methods: {
    GET: { summary: 'A row.', answer: answers.row, run: (context) => rowOf(context).row },
    POST: {
      summary: 'Makes a row with this key.',
      body: bodies.row,
      answer: answers.row,
      status: 201,
      run(context) {
        const { resource, table } = tableOf(context)
        const { key = '' } = context.params
        const rowKey = toKey(resource, key)
        if (rowKey === undefined) throw controlError([`${resource.key}: "${key}" is no whole number`])
        const row = context.body as Row
        const bodyKey = row[resource.key]
        if (bodyKey !== undefined && bodyKey !== rowKey)
          throw controlError([`${resource.key}: ${JSON.stringify(bodyKey)} is not the key of the path, "${key}"`])
        return table.create({ ...row, [resource.key]: rowKey })
      },
    },
    PATCH: {
      summary: 'Changes a row; what the body leaves out stays.',
      body: bodies.row,
      answer: answers.row,
      run(context) {
        const { key, table } = rowOf(context)
        return table.update(key, context.body as Row)
      },
    },
    DELETE: {
      summary: 'Deletes a row, and what cannot do without it.',
      async run(context) {
        const { key, table } = rowOf(context)
        await table.delete(key)
      },
    },
  },
}

/** The routes. */
export const worldRoutes: readonly ControlRoute[] = [
  {
    path: '/-/mock/api/reset/',
    methods: {
      POST: {
        summary: 'Starts again: the world and the clock as at the start, an empty journal, no scenarios.',
        run: ({ namespace }) => namespace.reset(),
      },
    },
  },
  {
    path: '/-/mock/api/seed/',
    methods: {
      POST: {
        summary: 'Seeds the world anew, which is then the start.',
        body: bodies.seed,
        isBodyOptional: true,
        run: ({ namespace, body }) =>
          namespace.reset({ seed: undefined, ...(body as { seed?: number; codes?: number }) }),
      },
    },
  },
  {
    path: '/-/mock/api/snapshots/',
    methods: {
      GET: {
        summary: 'The snapshots that are kept.',
        answer: answers.snapshots,
        run: ({ namespace }) =>
          [...namespace.snapshots.values()].map(({ id, taken }) => ({ id, taken: toInstant(taken) })),
      },
      POST: {
        summary: 'Keeps the world and the clock as they are.',
        answer: answers.snapshot,
        status: 201,
        run: ({ namespace }) => keepSnapshot(namespace),
      },
    },
  },
  {
    path: '/-/mock/api/snapshots/{id}/',
    methods: {
      DELETE: {
        summary: 'Forgets a snapshot.',
        run({ namespace, params: { id = '' } }) {
          if (!namespace.snapshots.delete(id)) throw notThere(`snapshot "${id}"`, 'GET snapshots/')
        },
      },
    },
  },
  {
    path: '/-/mock/api/snapshots/{id}/restore/',
    methods: {
      POST: {
        summary: 'Makes the world and the clock what they were.',
        run: ({ namespace, params: { id = '' } }) => restoreSnapshot(id, namespace),
      },
    },
  },
  {
    path: '/-/mock/api/world/',
    methods: {
      GET: {
        summary: 'Everything known, as a world file.',
        answer: answers.world,
        run: ({ namespace }) => namespace.core.world.toJSON(),
      },
      PUT: { summary: 'Replaces everything by a world file.', body: bodies.world, run: replaceWorld },
      PATCH: {
        summary: 'Merges a world file: rows with a key that is there are changed, others are added.',
        body: bodies.world,
        run: mergeIntoWorld,
      },
    },
  },
  {
    path: '/-/mock/api/difference/',
    methods: {
      GET: {
        summary: 'What differs from the start.',
        answer: answers.difference,
        run: ({ namespace }) => differenceOf(namespace.core),
      },
    },
  },
  {
    path: '/-/mock/api/world/{resource}/',
    methods: {
      GET: {
        summary: 'Rows of a resource.',
        query: {
          search: 'A text that they have in them.',
          limit: 'At most so many (100).',
          offset: 'From this one on (0).',
        },
        answer: answers.rows,
        run: searchRows,
      },
      POST: {
        summary: 'Makes a row; what is left out is as a world file has it by default, and a key is a new one.',
        body: bodies.row,
        answer: answers.row,
        status: 201,
        run: (context) => tableOf(context).table.create(context.body as Row),
      },
    },
  },
  rowRoute,
]

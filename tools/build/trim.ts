/** What the build leaves out of the libraries that it bundles, because nothing here can reach it. */
import { pathToFileURL } from 'node:url'
import type { Rolldown } from 'tsdown'
import { Visitor, type ESTree } from 'rolldown/utils'

/**
 * The lists of faker's English that a seeded world draws from, a fifth of them all. faker throws for one that is
 * missing, and `test/entries/packed.test.ts` seeds the same worlds from the package as from the source.
 */
const LISTS: Record<string, readonly string[]> = {
  animal: ['type'],
  color: ['human'],
  commerce: ['department', 'product_description', 'product_name'],
  company: ['adjective', 'descriptor', 'legal_entity_type', 'name_pattern', 'noun'],
  food: ['adjective'],
  location: ['country'],
  metadata: ['title', 'code', 'language'],
  person: ['first_name', 'last_name', 'last_name_pattern'],
  science: ['chemical_element'],
  word: ['adjective', 'noun'],
}

/** Leaves the other lists of faker's English out. */
export const fakerLists: Rolldown.Plugin = {
  name: 'faker-lists',
  load: {
    filter: { id: /@faker-js\/faker\/dist\/en-[^/]+\.js$/ },
    async handler(id) {
      const exported: Record<string, unknown> = await import(pathToFileURL(id).href)
      return Object.entries(exported)
        .map(([name, topics]) => `export const ${name} = ${JSON.stringify(pickLists(topics))}`)
        .join('\n')
    },
  },
}

const pickLists = (topics: unknown) =>
  Object.fromEntries(
    Object.entries(LISTS).map(([topic, names]) => [topic, pick(Reflect.get(Object(topics), topic), names)]),
  )

function pick(topic: unknown, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.map((name) => {
      const list: unknown = Reflect.get(Object(topic), name)
      if (list === undefined) throw new Error(`Failed to build: faker has no list ${name} any more.`)
      return [name, list]
    }),
  )
}

/** The methods of two classes of @msw/data that nobody calls: of a collection, whose first brings relations along, and of a query. */
const UNUSED = [
  new Set(['defineRelations', 'all', 'clear', 'createMany', 'deleteMany', 'findMany', 'updateMany']),
  new Set(['where', 'and', 'or', '#normalize', '#and', '#or']),
]

/** How @msw/data copies a row that is changed, twice: a third of what a change takes. */
const CLONE = 'structuredClone(value)'

/** The same for rows, which are JSON. */
function copyRow(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(copyRow)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyRow(item)]))
}

/** Leaves these methods out, and with them the relations of @msw/data: ours are keys of other rows. */
export const dataRelations: Rolldown.Plugin = {
  name: 'data-relations',
  transform: {
    filter: { id: /@msw\/data\/build\/collection-[^/]+\.mjs$/ },
    handler(code, id) {
      const unused: ESTree.Span[] = []
      const visitor = new Visitor({
        ClassBody({ body }) {
          for (const names of UNUSED) {
            const methods = body.filter((member) => names.has(nameOf(member)))
            if (methods.length === names.size) unused.push(...methods)
          }
        },
      })
      visitor.visit(this.parse(code))
      if (unused.length !== UNUSED.reduce((sum, { size }) => sum + size, 0))
        this.error(`${id} is not written as it was: see what of it can be left out.`)
      if (code.split(CLONE).length !== 2) this.error(`${id} does not copy a row as it did: see how it does.`)
      return `${cut(code, unused).replace(CLONE, 'copyRow(value)')}\n${copyRow.toString()}\n`
    },
  },
}

/** The name of a method as its class has it; empty for another member. */
function nameOf(member: ESTree.ClassElement): string {
  if (member.type !== 'MethodDefinition') return ''
  const { key } = member
  return key.type === 'PrivateIdentifier' ? `#${key.name}` : key.type === 'Identifier' ? key.name : ''
}

/** Cuts pieces out of a text. @param spans where they stand, in their order */
function cut(code: string, spans: readonly ESTree.Span[]): string {
  const pieces = [...spans, { start: code.length }].map(({ start }, index) =>
    code.slice(spans[index - 1]?.end ?? 0, start),
  )
  return pieces.join('')
}

/** Measures of how the source reads: what its names are, how dense its lines, how much it asserts. `npm run measure` prints them. */
import { globSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { parseSync, Visitor, type Comment } from 'oxc-parser'
import { readText, root } from './files.ts'

/**
 * What is no name, because it says nothing of what it names: pronouns, prepositions, and participles that stand for a
 * noun. The list is closed: a name is wrong when it is one of these, whatever its case.
 */
export const FILLERS: ReadonlySet<string> = new Set(
  [
    'one ones it its they them their this that these those other others another some any all each both what which who whom such own same none',
    'at of on in to from by for with without into onto over under above below before after behind beside between within until since',
    'given known found made named said shown asked wanted kept stated told seen tried left done got thing things stuff',
  ].flatMap((line) => line.split(' ')),
)

/** A name that is declared somewhere: a variable, a parameter, a function, a class, a type, or a member of one. */
export interface Name {
  name: string
  file: string
  line: number
}

/** The measures of some files together. */
export interface Measures {
  lines: number
  tokens: number
  names: Name[]
  nonNulls: number
  casts: number
  anys: number
  examples: number
  exported: Name[]
  undocumented: Name[]
  longest: Name & { lines: number }
}

/** @param pattern files below the root, such as `src/**\/*.ts` */
export function measure(pattern: string): Measures {
  const total: Measures = {
    lines: 0,
    tokens: 0,
    names: [],
    nonNulls: 0,
    casts: 0,
    anys: 0,
    examples: 0,
    exported: [],
    undocumented: [],
    longest: { name: '', file: '', line: 0, lines: 0 },
  }
  for (const path of globSync(pattern, { cwd: root }).sort()) measureFile(path.replaceAll('\\', '/'), total)
  return total
}

function measureFile(file: string, total: Measures): void {
  const source = readText(file)
  const { program, comments } = parseSync(file, source)
  const starts = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)]
  const lineOf = (offset: number) => starts.findLastIndex((start) => start <= offset) + 1
  const add = (name: string, offset: number) => total.names.push({ name, file, line: lineOf(offset) })

  const addPattern = (pattern: Pattern | null | undefined): void => {
    if (!pattern) return
    if (pattern.type === 'Identifier' && pattern.name !== 'this') add(pattern.name!, pattern.start)
    else if (pattern.type === 'ObjectPattern')
      for (const property of pattern.properties!) addPattern(property.value ?? property.argument)
    else if (pattern.type === 'ArrayPattern') pattern.elements!.forEach(addPattern)
    else addPattern(pattern.left ?? pattern.argument ?? pattern.parameter)
  }
  const addFunction = ({ id, params, start, end }: Callable) => {
    if (id) add(id.name, id.start)
    params.forEach((parameter) => addPattern(parameter as unknown as Pattern))
    const lines = lineOf(end) - lineOf(start) + 1
    if (lines > total.longest.lines)
      total.longest = { name: id?.name ?? 'a function', file, line: lineOf(start), lines }
  }
  const addMember = ({ key }: { key: unknown }) => {
    const { type, name, start } = key as { type: string; name: string; start: number }
    if (type === 'Identifier' || type === 'PrivateIdentifier') add(name, start)
  }
  const addDeclaration = ({ id }: { id: { name: string; start: number } | null }) => void (id && add(id.name, id.start))

  new Visitor({
    VariableDeclarator: ({ id }) => addPattern(id as unknown as Pattern),
    FunctionDeclaration: (node) => addFunction(node as unknown as Callable),
    FunctionExpression: (node) => addFunction(node as unknown as Callable),
    ArrowFunctionExpression: (node) => addFunction({ ...(node as unknown as Callable), id: null }),
    ClassDeclaration: (node) => addDeclaration(node as never),
    TSInterfaceDeclaration: addDeclaration,
    TSTypeAliasDeclaration: addDeclaration,
    CatchClause: ({ param }) => addPattern(param as unknown as Pattern),
    TSPropertySignature: addMember,
    TSMethodSignature: addMember,
    PropertyDefinition: addMember,
    MethodDefinition: addMember,
    TSNonNullExpression: () => void total.nonNulls++,
    TSAnyKeyword: () => void total.anys++,
    TSAsExpression: ({ typeAnnotation }) => {
      const { typeName } = typeAnnotation as unknown as { typeName?: { name?: string } }
      if (typeName?.name !== 'const') total.casts++
    },
  }).visit(program)

  for (const statement of program.body) {
    if (statement.type !== 'ExportNamedDeclaration' || !statement.declaration) continue
    const { declaration, start } = statement as unknown as { declaration: Declaration; start: number }
    const ids = declaration.declarations?.map(({ id }) => id) ?? [declaration.id]
    const isDocumented = comments.some(
      ({ type, value, end }) => type === 'Block' && value.startsWith('*') && source.slice(end, start).trim() === '',
    )
    for (const { name } of ids) {
      const entry = { name: name ?? '', file, line: lineOf(start) }
      total.exported.push(entry)
      if (!isDocumented) total.undocumented.push(entry)
    }
  }
  total.examples += comments.filter(({ value }) => value.includes('@example')).length
  const code = withoutComments(source, comments)
  total.lines += code.split('\n').filter((line) => line.trim()).length
  total.tokens += code.match(TOKEN)?.length ?? 0
}

interface Pattern extends Partial<Record<'left' | 'argument' | 'parameter', Pattern>> {
  type: string
  start: number
  name?: string
  properties?: { value?: Pattern; argument?: Pattern }[]
  elements?: (Pattern | null)[]
}
interface Callable {
  id: { name: string; start: number } | null
  params: unknown[]
  start: number
  end: number
}
interface Declaration {
  id: { name?: string }
  declarations?: { id: { name?: string } }[]
}

const withoutComments = (source: string, comments: readonly Comment[]) =>
  comments.reduceRight((text, { start, end }) => text.slice(0, start) + text.slice(end), source)

const TOKEN =
  /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|[\w$]+|=>|===|!==|\?\?=?|\?\.|&&|\|\||\.\.\.|[^\s\w]/g

/**
 * Names that others have given, by file: pact-js calls what makes a provider state `given`, an emitter has `on`, and what
 * compares two rows has one before and one after.
 */
const NAMES_OF_OTHERS: Readonly<Record<string, readonly string[]>> = {
  'src/contract/pact/interactions.ts': ['given'],
  'src/control/control.ts': ['on'],
  'src/control/journal.ts': ['after'],
  'src/control/types.ts': ['after', 'before'],
  'src/mock/mock.ts': ['on'],
}

/** The names that say nothing. */
export const fillersIn = (names: readonly Name[]): Name[] =>
  names.filter(({ name, file }) => FILLERS.has(name.toLowerCase()) && !NAMES_OF_OTHERS[file]?.includes(name))

function print(pattern: string): void {
  const { lines, tokens, names, nonNulls, casts, anys, examples, exported, undocumented, longest } = measure(pattern)
  const fillers = fillersIn(names)
  const perThousand = (count: number) => `${((count * 1000) / lines).toFixed(1)} in 1,000 lines (${count})`
  console.log(`${pattern}
  lines of code            ${lines}
  names that say nothing   ${fillers.length} of ${names.length} (${((fillers.length * 100) / names.length).toFixed(1)} %)
  tokens a line            ${(tokens / lines).toFixed(1)}
  non-null assertions      ${perThousand(nonNulls)}
  casts                    ${perThousand(casts)}
  any                      ${perThousand(anys)}
  exported, documented     ${(((exported.length - undocumented.length) * 100) / (exported.length || 1)).toFixed(0)} % of ${exported.length}
  @example                 ${examples}
  longest function         ${longest.lines} lines (${longest.file}:${longest.line})
`)
  if (process.argv.includes('--list')) {
    for (const { name, file, line } of fillers) console.log(`${file}:${line} ${name}`)
    for (const { name, file, line } of undocumented) console.log(`${file}:${line} ${name} is not documented`)
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const patterns = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
  for (const pattern of patterns.length ? patterns : ['src/**/*.{ts,tsx}', 'test/**/*.ts']) print(pattern)
}

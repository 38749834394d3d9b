/** Reads a text into an OpenAPI document: JSON or YAML, in any version, with the files that it refers to. */
import type { JsonObject } from '../../schema/json.ts'
import { decode, follow, isObject, split, toList, toObject, METHODS, type Document } from './document.ts'

/** A text is too large, or too deep, to be read as a document. The message says of the document what it is. */
export class TooMuch extends Error {
  override readonly name = 'TooMuch'
}

/** Reads a file that a document refers to, by its path from the document's folder. @returns undefined for none */
export type ReadFile = (path: string) => string | undefined

/** How deep the values of a document stand in each other. authentik's own stand 20 levels deep. */
const MAX_DEPTH = 400
/** How many values a document has, where each alias is written out. authentik's own has 150,000. */
const MAX_VALUES = 500_000
/** How much YAML a server may answer, in characters. */
const MAX_YAML = 4 * 1024 * 1024
/** How many files a document refers to. */
const MAX_FILES = 200

/**
 * Reads an OpenAPI document. A Swagger 2 document is turned into one of OpenAPI 3.
 * @param readFile reads the other files that it refers to; without it, they are not read
 * @returns undefined for what is no such document
 * @throws TooMuch
 */
export async function readDocument(text: string, readFile?: ReadFile): Promise<Document | undefined> {
  // A server is asked for JSON. YAML takes thirty times its length to read.
  if (!readFile && text.length > MAX_YAML && !isJson(text)) throw new TooMuch('is more than 4 MiB of YAML')
  const root = await parseText(text)
  if (!isObject(root)) return undefined
  // Since OpenAPI 3.1 a document may be of components and webhooks alone.
  const isWithoutPaths = root['paths'] === undefined && root['openapi'] !== undefined
  if (!isObject(root['paths']) && !(isWithoutPaths && (isObject(root['components']) || isObject(root['webhooks']))))
    return undefined
  const files = readFile ? await readFiles(root, readFile) : new Map<string, unknown>()
  const document: JsonObject = root['swagger'] === undefined ? root : await upgrade(root, files)
  return { ...document, paths: toPaths(document), ...(readFile && { files }) }
}

const toPaths = ({ paths }: JsonObject) =>
  Object.fromEntries(Object.entries(toObject(paths)).map(([path, pathItem]) => [path, toObject(pathItem)]))

/**
 * Reads JSON or YAML.
 * @returns undefined for what is neither
 * @throws TooMuch
 */
export async function parseText(text: string): Promise<unknown> {
  if (countMarks(text) > MAX_VALUES) throw tooLarge()
  const value = isJson(text) ? parseJson(text) : undefined
  const parsed = value ?? (await parseYaml(text))
  checkSize(parsed)
  return parsed
}

const isJson = (text: string) => text.trimStart().startsWith('{')

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function parseYaml(text: string): Promise<unknown> {
  const { CORE_SCHEMA, load, mergeTag } = await import('js-yaml')
  try {
    return load(text, { schema: CORE_SCHEMA.withTags(mergeTag), maxDepth: MAX_DEPTH, maxTotalMergeKeys: MAX_VALUES })
  } catch (error) {
    if (error instanceof Error && error.message.includes('maxDepth')) throw tooDeep()
    return undefined
  }
}

/** Counts what stands before values, so that a text of nothing else is refused before it takes memory. */
function countMarks(text: string): number {
  const marks = isJson(text) ? ',[{' : ',[{\n'
  let count = 0
  for (const mark of marks)
    for (let index = text.indexOf(mark); index >= 0; index = text.indexOf(mark, index + 1)) count++
  return count
}

const tooLarge = () => new TooMuch(`has more than ${MAX_VALUES.toLocaleString('en')} values`)
const tooDeep = () => new TooMuch(`is nested deeper than ${MAX_DEPTH} levels`)

/** An object or a list whose members are being measured. */
interface Frame {
  value: object
  members: object[]
  size: number
  depth: number
}

/**
 * Measures a value as it would be written out, where an alias stands for all that it names. Each object is looked at
 * once, however often it is named.
 * @throws TooMuch
 */
function checkSize(root: unknown): void {
  const measured = new Map<object, { size: number; depth: number }>()
  const open = new Set<object>()
  const toFrame = (value: object): Frame => {
    open.add(value)
    const values: unknown[] = Object.values(value)
    const members = values.filter((member) => typeof member === 'object' && member !== null)
    return { value, members, size: 1 + values.length - members.length, depth: 1 }
  }
  const stack = typeof root === 'object' && root !== null ? [toFrame(root)] : []
  for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
    const member = frame.members.pop()
    if (member === undefined) {
      stack.pop()
      open.delete(frame.value)
      measured.set(frame.value, frame)
      if (frame.size > MAX_VALUES || measured.size > MAX_VALUES) throw tooLarge()
      if (frame.depth > MAX_DEPTH) throw tooDeep()
      const outer = stack.at(-1)
      if (outer) add(outer, frame)
    } else if (open.has(member)) throw new TooMuch('has an alias for what it stands in')
    else {
      const size = measured.get(member)
      if (size) add(frame, size)
      else stack.push(toFrame(member))
    }
  }
}

function add(frame: Frame, { size, depth }: { size: number; depth: number }): void {
  frame.size += size
  frame.depth = Math.max(frame.depth, depth + 1)
}

/** Reads the files that a document refers to, and those that they refer to, and writes each reference from its folder. */
async function readFiles(root: JsonObject, readFile: ReadFile): Promise<Map<string, unknown>> {
  const files = new Map<string, unknown>()
  const waiting = placeReferences(root, '')
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (files.has(path) || isElsewhere(path)) continue
    const text = readFile(path)
    const content = text === undefined ? undefined : await parseText(text)
    if (content === undefined) continue
    if (files.size >= MAX_FILES) throw new TooMuch(`refers to more than ${MAX_FILES} files`)
    files.set(path, content)
    waiting.push(...placeReferences(content, path))
  }
  return files
}

/** Whether a reference leads to another machine, or to where its scheme says. */
const isElsewhere = (path: string) => /^([a-z][\w+.-]+:|\/\/)/i.test(path)

/**
 * Writes the references of a file as paths from the folder of the document.
 * @param path the path of the file; '' is the document itself
 * @returns the files that it refers to
 */
function placeReferences(content: unknown, path: string): string[] {
  const files: string[] = []
  const placed = new Set<object>()
  const stack = [content]
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (typeof value !== 'object' || value === null || placed.has(value)) continue
    placed.add(value)
    const { $ref: reference } = toObject(value)
    if (typeof reference === 'string') {
      const [file, pointer] = split(reference)
      const target = file === '' || isElsewhere(file) ? file || path : join(path, decode(file))
      if (target !== '') files.push(target)
      Object.assign(value, { $ref: `${target}#${pointer}` })
    }
    stack.push(...Object.values(value).filter((member) => member !== undefined && member !== null))
  }
  return files
}

/** Joins the path of a file, as another file writes it, to that of the other file. */
function join(path: string, file: string): string {
  if (file.startsWith('/')) return file
  const segments: string[] = []
  for (const segment of [...path.split('/').slice(0, -1), ...file.split('/')])
    if (segment === '..' && segments.length && segments.at(-1) !== '..') segments.pop()
    else if (segment !== '.' && segment !== '') segments.push(segment)
  return segments.join('/')
}

/** Turns a Swagger 2 document into one of OpenAPI 3. */
async function upgrade(root: JsonObject, files: ReadonlyMap<string, unknown>): Promise<JsonObject> {
  const { upgradeFromTwoToThree } = await import('@scalar/openapi-upgrader/2.0-to-3.0')
  const document: Document = { paths: {}, ...root, files }
  return toObject(upgradeFromTwoToThree({ ...root, paths: inlined(document) }))
}

/**
 * Puts into the paths what they refer to, but for schemas: in Swagger 2 the parameters of an operation hold its body,
 * which the upgrade finds only where the operation has it.
 */
function inlined(document: Document): JsonObject {
  const inline = (value: unknown) => follow(value, document).value ?? value
  const inlineAll = (values: unknown) => toList(values).map(inline)
  const paths = Object.entries(toObject(document.paths)).map(([path, value]) => {
    const pathItem = { ...toObject(inline(value)) }
    const members = Object.entries(pathItem).map(([method, operation]) => {
      if (!METHODS.has(method) || !isObject(operation)) return [method, operation]
      const responses = Object.entries(toObject(operation['responses'])).map(([status, response]) => [
        status,
        inline(response),
      ])
      const shared = inlineAll(pathItem['parameters']).map(toObject)
      const operationParameters = inlineAll(operation['parameters']).map(toObject)
      const isReplaced = (parameter: JsonObject) =>
        operationParameters.some(({ in: location, name }) => location === parameter['in'] && name === parameter['name'])
      const parameters = [...shared.filter((parameter) => !isReplaced(parameter)), ...operationParameters]
      return [method, { ...operation, parameters, responses: Object.fromEntries(responses) }]
    })
    return [path, { ...Object.fromEntries(members), parameters: [] }]
  })
  return Object.fromEntries(paths)
}

/** Reads JSON whose objects have each key once: of a key that stands twice, JSON.parse drops all but the last. */

/** A key stands twice in one object. */
export class RepeatedKeyError extends SyntaxError {
  override readonly name = 'RepeatedKeyError'
}

/**
 * Reads JSON.
 * @throws SyntaxError for a text that is none
 * @throws RepeatedKeyError for a key that an object has twice, with its place
 * @example parseUniqueKeys('{"a": 1, "a": 2}') // throws: the key "a" stands twice in one object, in line 1, column 10
 */
export function parseUniqueKeys(text: string): unknown {
  const value: unknown = JSON.parse(text)
  const start = findRepeatedKey(text)
  if (start === undefined) return value
  const lines = text.slice(0, start).split('\n')
  const place = `in line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`
  throw new RepeatedKeyError(
    `the key ${text.slice(start, endOfText(text, start))} stands twice in one object, ${place}`,
  )
}

/** Where the first key begins that its object has before. @param text JSON, which was parsed */
function findRepeatedKey(text: string): number | undefined {
  /** The keys of each object that is open; undefined for a list. */
  const open: (Set<unknown> | undefined)[] = []
  let isKey = false
  for (let index = 0; index < text.length; index++) {
    const sign = text[index]
    if (sign === '{') open.push(new Set())
    else if (sign === '[') open.push(undefined)
    else if (sign === '}' || sign === ']') open.pop()
    if (sign === '{' || sign === ',') isKey = true
    if (sign !== '"') continue
    const end = endOfText(text, index)
    const keys = open.at(-1)
    if (isKey && keys) {
      const written = text.slice(index + 1, end - 1)
      const key: unknown = written.includes('\\') ? JSON.parse(`"${written}"`) : written
      if (keys.has(key)) return index
      keys.add(key)
    }
    isKey = false
    index = end - 1
  }
  return undefined
}

/** Where a text of JSON ends that begins at this quotation mark. */
function endOfText(text: string, start: number): number {
  let index = start + 1
  while (index < text.length && text[index] !== '"') index += text[index] === '\\' ? 2 : 1
  return index + 1
}

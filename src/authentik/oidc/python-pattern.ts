/**
 * Regular expressions as Python has them, met by a whole text in time that grows with its length alone: a text takes all
 * ways through an expression at once (Thompson, "Regular Expression Search Algorithm", 1968). One of the engine tries
 * one way after the other, and `(a+)+` blocks the mock.
 */

/** Whether a sign is one of those that an expression takes in a place. */
type Takes = (sign: string) => boolean

/** One step of an expression: takes a sign, goes two ways, goes on elsewhere, or asks about the place. */
type Step =
  | { kind: 'take'; takes: Takes }
  | { kind: 'split'; ways: [number, number] }
  | { kind: 'ask'; holds: (signs: readonly string[], place: number) => boolean }

/** An expression that is understood. */
export interface Pattern {
  /** Whether a whole text meets it. */
  test(text: string): boolean
}

/** Part of an expression, before its steps are numbered. */
type Node =
  | { kind: 'take'; takes: Takes }
  | { kind: 'ask'; holds: (signs: readonly string[], place: number) => boolean }
  | { kind: 'row'; nodes: Node[] }
  | { kind: 'choice'; nodes: Node[] }
  | { kind: 'repeat'; node: Node; least: number; most: number }

/** How many steps an expression may have: each is gone through for each sign of a text. */
const MAX_STEPS = 1000
/** How many texts an expression remembers. */
const MAX_ANSWERS = 64
/** How deep groups may stand within each other. */
const MAX_DEPTH = 100

/** Why an expression is none that is followed. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
  /** Whether Python would not take it either. */
  readonly isInvalid: boolean
  constructor(reason: string, isInvalid = false) {
    super(reason)
    this.isInvalid = isInvalid
  }
}

const isWord: Takes = (sign) => /[\p{L}\p{N}_]/u.test(sign)
const isDigit: Takes = (sign) => /\p{Nd}/u.test(sign)
/** Python takes the separators of files and records for spaces too. */
const isSpace: Takes = (sign) =>
  /\s/.test(sign) ? sign !== '\ufeff' : '\u001c\u001d\u001e\u001f\u0085'.includes(sign) && sign !== ''
const not =
  (takes: Takes): Takes =>
  (sign) =>
    !takes(sign)

const CLASSES: Readonly<Record<string, Takes>> = {
  d: isDigit,
  D: not(isDigit),
  w: isWord,
  W: not(isWord),
  s: isSpace,
  S: not(isSpace),
}
const CONTROLS: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  f: '\f',
  v: '\v',
  a: '\x07',
}

const isBorder = (signs: readonly string[], place: number) =>
  isWord(signs[place - 1] ?? '') !== isWord(signs[place] ?? '')
const isEnd = (signs: readonly string[], place: number) => place === signs.length
const isStart = (_: readonly string[], place: number) => place === 0
/** `$` is also met before a line's end that ends the text. */
const isLineEnd = (signs: readonly string[], place: number) =>
  isEnd(signs, place) || (place === signs.length - 1 && signs[place] === '\n')

const PLACES: Readonly<Record<string, (signs: readonly string[], place: number) => boolean>> = {
  A: isStart,
  Z: isEnd,
  b: isBorder,
  B: (signs, place) => !isBorder(signs, place),
}

/** Reads an expression. */
class Reader {
  readonly #source: string[]
  #place = 0
  #depth = 0
  #ignoresCase = false
  #takesLineEnds = false

  constructor(source: string) {
    const [, flags = '', body = source] = /^\(\?([aiLmsux]+)\)([^]*)$/.exec(source) ?? []
    if (/[mxL]/.test(flags)) throw new PatternError(`it has the flags ${flags}`)
    this.#ignoresCase = flags.includes('i')
    this.#takesLineEnds = flags.includes('s')
    this.#source = [...body]
  }

  read(): Node {
    const node = this.#readChoice()
    if (this.#place < this.#source.length) throw new PatternError('it has a ")" too many', true)
    return node
  }

  #peek = (): string | undefined => this.#source[this.#place]

  #next(): string {
    const sign = this.#source[this.#place++]
    if (sign === undefined) throw new PatternError('it ends too early', true)
    return sign
  }

  /** Goes on behind a text that stands here. */
  #skip(text: string): boolean {
    if (
      !this.#source
        .slice(this.#place, this.#place + text.length)
        .join('')
        .startsWith(text)
    )
      return false
    this.#place += text.length
    return true
  }

  #readChoice(): Node {
    if (++this.#depth > MAX_DEPTH) throw new PatternError('its groups stand too deep within each other')
    const nodes = [this.#readRow()]
    while (this.#skip('|')) nodes.push(this.#readRow())
    this.#depth--
    return nodes.length === 1 && nodes[0] ? nodes[0] : { kind: 'choice', nodes }
  }

  #readRow(): Node {
    const nodes: Node[] = []
    for (let sign = this.#peek(); sign !== undefined && sign !== '|' && sign !== ')'; sign = this.#peek())
      nodes.push(this.#readRepeated())
    return { kind: 'row', nodes }
  }

  #readRepeated(): Node {
    const node = this.#readAtom()
    const count = this.#readCount()
    if (!count) return node
    if (this.#peek() === '+') throw new PatternError('it has a repetition that gives nothing back')
    this.#skip('?')
    if (node.kind === 'ask' || this.#readCount()) throw new PatternError('it repeats what cannot be', true)
    return { kind: 'repeat', node, ...count }
  }

  #readCount(): { least: number; most: number } | undefined {
    if (this.#skip('*')) return { least: 0, most: Infinity }
    if (this.#skip('+')) return { least: 1, most: Infinity }
    if (this.#skip('?')) return { least: 0, most: 1 }
    // What is no count stands for itself.
    const rest = this.#source.slice(this.#place, this.#place + 24).join('')
    const [whole, least = '', comma, most = ''] = /^\{(\d*)(,?)(\d*)\}/.exec(rest) ?? []
    if (whole === undefined || (least === '' && comma === '')) return undefined
    this.#place += whole.length
    const count = { least: Number(least), most: comma === '' ? Number(least) : most === '' ? Infinity : Number(most) }
    if (count.least > count.most) throw new PatternError('it has a count whose end is before its start', true)
    return count
  }

  #readAtom(): Node {
    const sign = this.#next()
    if (sign === '(') return this.#readGroup()
    if (sign === '[') return { kind: 'take', takes: this.#inCase(this.#readSet()) }
    if (sign === '.') {
      const takesLineEnds = this.#takesLineEnds
      return { kind: 'take', takes: (taken) => takesLineEnds || taken !== '\n' }
    }
    if (sign === '^') return { kind: 'ask', holds: isStart }
    if (sign === '$') return { kind: 'ask', holds: isLineEnd }
    if ('*+?'.includes(sign)) throw new PatternError('it repeats what cannot be', true)
    if (sign !== '\\') return this.#toSign(sign)
    const escaped = this.#next()
    const holds = PLACES[escaped]
    if (holds) return { kind: 'ask', holds }
    if (/[1-9]/.test(escaped)) throw new PatternError('it asks for what a group took before')
    return CLASSES[escaped] ? { kind: 'take', takes: CLASSES[escaped] } : this.#toSign(this.#readEscape(escaped))
  }

  #toSign(sign: string): Node {
    return { kind: 'take', takes: this.#inCase((taken) => taken === sign) }
  }

  #inCase(takes: Takes): Takes {
    return this.#ignoresCase ? (sign) => takes(sign) || takes(sign.toLowerCase()) || takes(sign.toUpperCase()) : takes
  }

  #readGroup(): Node {
    if (this.#peek() === '?') {
      const rest = this.#source.slice(this.#place, this.#place + 64).join('')
      const [head] = /^\?(:|P<[A-Za-z_]\w*>)/.exec(rest) ?? []
      if (head === undefined) throw new PatternError(`it has "(${rest.slice(0, 3)}"`)
      this.#place += head.length
    }
    const node = this.#readChoice()
    if (this.#next() !== ')') throw new PatternError('it has a "(" too many', true)
    return node
  }

  /** What stands between brackets: one sign of many. */
  #readSet(): Takes {
    const isNegated = this.#skip('^')
    const members: Takes[] = []
    for (let isFirst = true; isFirst || this.#peek() !== ']'; isFirst = false) {
      const first = this.#readMember()
      if (typeof first === 'function' || this.#peek() !== '-' || this.#source[this.#place + 1] === ']') {
        members.push(typeof first === 'function' ? first : (sign) => sign === first)
        continue
      }
      this.#place++
      const last = this.#readMember()
      if (typeof last === 'function' || last < first) throw new PatternError('it has a range without an end', true)
      members.push((sign) => sign >= first && sign <= last)
    }
    this.#place++
    const takes: Takes = (sign) => members.some((member) => member(sign))
    return isNegated ? not(takes) : takes
  }

  #readMember(): Takes | string {
    const sign = this.#next()
    if (sign !== '\\') return sign
    const escaped = this.#next()
    return CLASSES[escaped] ?? (escaped === 'b' ? '\b' : this.#readEscape(escaped))
  }

  /** The sign that an escape stands for. */
  #readEscape(escaped: string): string {
    const length = { x: 2, u: 4, U: 8 }[escaped]
    if (length === undefined) {
      if (escaped === '0') return '\0'
      if (/[a-zA-Z1-9]/.test(escaped) && !CONTROLS[escaped]) throw new PatternError(`it has "\\${escaped}"`, true)
      return CONTROLS[escaped] ?? escaped
    }
    const digits = this.#source.slice(this.#place, this.#place + length).join('')
    const code = new RegExp(`^[0-9a-f]{${length}}$`, 'i').test(digits) ? Number.parseInt(digits, 16) : Infinity
    if (code > 0x10ffff) throw new PatternError(`it has "\\${escaped}" without a number`, true)
    this.#place += length
    return String.fromCodePoint(code)
  }
}

const tooMany = () => new PatternError(`it has more than ${MAX_STEPS} steps`)

/** Writes the steps of a part behind others. @throws PatternError for too many */
function write(node: Node, steps: Step[]): void {
  if (steps.length > MAX_STEPS) throw tooMany()
  if (node.kind === 'take' || node.kind === 'ask') steps.push(node)
  else if (node.kind === 'row') for (const part of node.nodes) write(part, steps)
  else if (node.kind === 'choice') writeChoice(node.nodes, steps)
  else writeRepeat(node, steps)
}

function writeChoice([first, ...rest]: readonly Node[], steps: Step[]): void {
  if (!first) return
  if (rest.length === 0) return write(first, steps)
  const split = pushSplit(steps)
  write(first, steps)
  const jump = pushSplit(steps)
  split.ways[1] = steps.length
  writeChoice(rest, steps)
  jump.ways = [steps.length, steps.length]
}

function writeRepeat({ node, least, most }: Extract<Node, { kind: 'repeat' }>, steps: Step[]): void {
  if (least > MAX_STEPS || (most !== Infinity && most > MAX_STEPS)) throw new PatternError('it repeats too often')
  for (let count = 0; count < least; count++) write(node, steps)
  if (most === Infinity) {
    const start = steps.length
    const split = pushSplit(steps)
    write(node, steps)
    pushSplit(steps).ways = [start, start]
    split.ways[1] = steps.length
    return
  }
  const splits = Array.from({ length: most - least }, () => {
    const split = pushSplit(steps)
    write(node, steps)
    return split
  })
  for (const split of splits) split.ways[1] = steps.length
}

/** A step from which two ways lead: to the next, and to one that is not known yet. */
function pushSplit(steps: Step[]): Extract<Step, { kind: 'split' }> {
  const split = { kind: 'split' as const, ways: [steps.length + 1, steps.length + 1] as [number, number] }
  steps.push(split)
  return split
}

/**
 * Reads a regular expression of Python's that a whole text is to meet.
 * @throws PatternError for one that Python refuses, and for what cannot be followed in all ways at once: back references,
 * looks ahead or behind, repetitions that give nothing back
 * @example readPattern('https://(?P<app>\\w+)\\.example\\.com/.*').test('https://demo.example.com/callback') // true
 */
export function readPattern(source: string): Pattern {
  const steps: Step[] = []
  write(new Reader(source).read(), steps)
  if (steps.length > MAX_STEPS) throw tooMany()
  // A client sends the same few addresses again and again.
  const answers = new Map<string, boolean>()
  return {
    test(text) {
      let answer = answers.get(text)
      if (answer === undefined) {
        answer = isMet(steps, [...text])
        if (answers.size >= MAX_ANSWERS) answers.clear()
        answers.set(text, answer)
      }
      return answer
    },
  }
}

function isMet(steps: readonly Step[], signs: readonly string[]): boolean {
  /** The place for which each step was reached last, one more than it is. */
  const marks = new Uint32Array(steps.length + 1)
  /** Goes from a step to all that are reached without a sign. @returns those that take one, and the end */
  const follow = (starts: number[], place: number): number[] => {
    const reached: number[] = []
    for (let index = starts.pop(); index !== undefined; index = starts.pop()) {
      if (marks[index] === place + 1) continue
      marks[index] = place + 1
      const step = steps[index]
      if (step?.kind === 'split') starts.push(...step.ways)
      else if (step?.kind === 'ask') {
        if (step.holds(signs, place)) starts.push(index + 1)
      } else reached.push(index)
    }
    return reached
  }
  let current = follow([0], 0)
  for (const [place, sign] of signs.entries()) {
    const taken: number[] = []
    for (const index of current) {
      const step = steps[index]
      if (step?.kind === 'take' && step.takes(sign)) taken.push(index + 1)
    }
    if (taken.length === 0) return false
    current = follow(taken, place + 1)
  }
  return current.includes(steps.length)
}

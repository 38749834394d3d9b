/**
 * Items in an order, in a tree that counts them. A part of it is sorted when it is first read, so that the first page
 * of many items costs little more than a look at each.
 */

/** How many sorted items stand together. */
const MAX_ITEMS = 256
/** How many parts a branch has. */
const MAX_PARTS = 16
/** How many items are sampled for each part, so that the parts are of about the same size. */
const SAMPLES = 8
/** Its multiples fall evenly between whole numbers, without a period that rows might have too. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2

/** How items are compared. */
export interface Order<Item, Rank> {
  /** What an item is compared by; no two items of a tree have the same. */
  rankOf(item: Item): Rank
  /** Below 0 when the first comes first, 0 when they are the same. */
  compare(a: Rank, b: Rank): number
}

/** What of a tree stands together: items, or smaller parts. */
interface Part<Item, Rank> {
  readonly size: number
  /** @returns what no longer has a place in it */
  add(item: Item, rank: Rank): Split<Item, Rank> | undefined
  remove(item: Item, rank: Rank): void
  /** The same items, in an order as far as it is needed to count and to cut: the rest of this interface. */
  settle(): Part<Item, Rank>
  countBefore(rank: Rank, isInclusive: boolean): number
  /** Appends the items from one position to before another. */
  copy(start: number, end: number, target: Item[]): void
  /** Appends those of them that pass a test. */
  filter(start: number, end: number, test: (item: Item) => boolean, target: Item[]): void
}

/** The end of a part that became too large. */
interface Split<Item, Rank> {
  part: Part<Item, Rank>
  /** No item of it is lower, and none of what stays is as high. */
  bound: Rank
}

/**
 * Items in an order. To add, to remove and to find a position takes a time that grows as the logarithm of their number.
 * A part goes when it is empty, and is never joined with its neighbour: Johnson and Shasha, "B-trees with inserts and
 * deletes: why free-at-empty is better than merge-at-half" (1993).
 */
export class SortedTree<Item extends object, Rank extends object> {
  readonly #order: Order<Item, Rank>
  #root: Part<Item, Rank>

  /** @param items in any order; the tree takes them over */
  constructor(items: Item[], order: Order<Item, Rank>) {
    this.#order = order
    this.#root = new Leaf(items, order)
  }

  /** How many items there are. */
  get size(): number {
    return this.#root.size
  }

  add(item: Item): void {
    const split = this.#root.add(item, this.#order.rankOf(item))
    if (split) this.#root = new Branch([this.#root, split.part], [split.bound], this.#order)
  }

  /** Removes an item, which must be there. */
  remove(item: Item): void {
    this.#root.remove(item, this.#order.rankOf(item))
    if (this.size === 0) this.#root = new Leaf([], this.#order)
  }

  /** How many items come before a rank, or, when it is inclusive, not after it. */
  countBefore(rank: Rank, isInclusive: boolean): number {
    return this.#settle().countBefore(rank, isInclusive)
  }

  /** The items from one position to before another. */
  slice(start: number, end: number): Item[] {
    const items: Item[] = []
    this.#settle().copy(start, end, items)
    return items
  }

  /** The items from one position to before another that pass a test; no others are sorted for it. */
  filter(start: number, end: number, test: (item: Item) => boolean): Item[] {
    const items: Item[] = []
    this.#root.filter(start, end, test, items)
    return items
  }

  #settle(): Part<Item, Rank> {
    this.#root = this.#root.settle()
    return this.#root
  }
}

class Leaf<Item extends object, Rank extends object> implements Part<Item, Rank> {
  readonly #order: Order<Item, Rank>
  #items: Item[]
  #isSorted: boolean
  /** What went while nothing was sorted: to look for each would take a walk. */
  #removed = new Set<Item>()

  constructor(items: Item[], order: Order<Item, Rank>, isSorted = items.length < 2) {
    this.#items = items
    this.#order = order
    this.#isSorted = isSorted
  }

  get size(): number {
    return this.#items.length - this.#removed.size
  }

  add(item: Item, rank: Rank): Split<Item, Rank> | undefined {
    if (!this.#isSorted) {
      if (!this.#removed.delete(item)) this.#items.push(item)
      return undefined
    }
    this.#items.splice(this.countBefore(rank, false), 0, item)
    return this.#items.length > MAX_ITEMS ? this.#split() : undefined
  }

  remove(item: Item): void {
    if (!this.#isSorted) {
      this.#removed.add(item)
      return
    }
    const position = this.#items.indexOf(item)
    if (position < 0) throw new TypeError('Failed to remove an item from a tree: it is not where its rank belongs.')
    this.#items.splice(position, 1)
  }

  settle(): Part<Item, Rank> {
    if (this.#isSorted) return this
    const items = this.#present()
    const bounds = items.length > MAX_ITEMS ? this.#findBounds(items) : []
    return bounds.length ? this.#cut(items, bounds) : new Leaf(this.#sort(items), this.#order, true)
  }

  countBefore(rank: Rank, isInclusive: boolean): number {
    const { rankOf, compare } = this.#order
    const limit = isInclusive ? 1 : 0
    return countWhile(this.#items, (item) => compare(rankOf(item), rank) < limit)
  }

  copy(start: number, end: number, target: Item[]): void {
    for (const item of this.#items.slice(start, end)) target.push(item)
  }

  filter(start: number, end: number, test: (item: Item) => boolean, target: Item[]): void {
    const passing = this.#present().slice(start, end).filter(test)
    for (const item of this.#isSorted ? passing : this.#sort(passing)) target.push(item)
  }

  #present(): Item[] {
    return this.#removed.size ? this.#items.filter((item) => !this.#removed.has(item)) : this.#items
  }

  #sort(items: readonly Item[]): Item[] {
    const { rankOf, compare } = this.#order
    return items
      .map((item) => ({ item, rank: rankOf(item) }))
      .sort((a, b) => compare(a.rank, b.rank))
      .map(({ item }) => item)
  }

  #split(): Split<Item, Rank> | undefined {
    const items = this.#items.splice(MAX_ITEMS / 2)
    const [first] = items
    return first && { part: new Leaf(items, this.#order, true), bound: this.#order.rankOf(first) }
  }

  /** Ranks that cut items into parts of about the same size, none of them empty. */
  #findBounds(items: readonly Item[]): Rank[] {
    const count = Math.min(MAX_PARTS, Math.ceil((2 * items.length) / MAX_ITEMS))
    const sample = Array.from({ length: count * SAMPLES }, (_, number) => {
      const position = Math.floor(((number * GOLDEN_RATIO) % 1) * items.length)
      return items.slice(position, position + 1).map(this.#order.rankOf)
    })
    const ranks = sample.flat().sort(this.#order.compare)
    return ranks.filter(
      (rank, index) =>
        index % SAMPLES === 0 &&
        ranks.slice(Math.max(index - SAMPLES, 0), index).some((lower) => this.#order.compare(lower, rank) < 0),
    )
  }

  #cut(items: readonly Item[], bounds: Rank[]): Branch<Item, Rank> {
    const { rankOf, compare } = this.#order
    const cut: Item[][] = Array.from({ length: bounds.length + 1 }, () => [])
    for (const item of items) {
      const rank = rankOf(item)
      cut[countWhile(bounds, (bound) => compare(bound, rank) <= 0)]?.push(item)
    }
    return new Branch(
      cut.map((list) => new Leaf(list, this.#order)),
      bounds,
      this.#order,
    )
  }
}

class Branch<Item extends object, Rank extends object> implements Part<Item, Rank> {
  readonly #order: Order<Item, Rank>
  readonly #parts: Part<Item, Rank>[]
  /** Between each two parts: nothing before it is as high, and nothing after it is lower. */
  readonly #bounds: Rank[]
  #size: number

  constructor(parts: Part<Item, Rank>[], bounds: Rank[], order: Order<Item, Rank>) {
    this.#parts = parts
    this.#bounds = bounds
    this.#order = order
    this.#size = sizeOf(parts)
  }

  get size(): number {
    return this.#size
  }

  add(item: Item, rank: Rank): Split<Item, Rank> | undefined {
    this.#size++
    const index = this.#indexOf(rank, true)
    const split = this.#parts[index]?.add(item, rank)
    if (!split) return undefined
    this.#parts.splice(index + 1, 0, split.part)
    this.#bounds.splice(index, 0, split.bound)
    return this.#parts.length > MAX_PARTS ? this.#split() : undefined
  }

  remove(item: Item, rank: Rank): void {
    this.#size--
    const index = this.#indexOf(rank, true)
    const part = this.#parts[index]
    part?.remove(item, rank)
    if (part?.size !== 0) return
    this.#parts.splice(index, 1)
    this.#bounds.splice(Math.max(index - 1, 0), 1)
  }

  settle(): Part<Item, Rank> {
    return this
  }

  countBefore(rank: Rank, isInclusive: boolean): number {
    const index = this.#indexOf(rank, isInclusive)
    return sizeOf(this.#parts.slice(0, index)) + (this.#settlePart(index)?.countBefore(rank, isInclusive) ?? 0)
  }

  copy(start: number, end: number, target: Item[]): void {
    this.#visit(start, end, (index, first, last) => this.#settlePart(index)?.copy(first, last, target))
  }

  filter(start: number, end: number, test: (item: Item) => boolean, target: Item[]): void {
    this.#visit(start, end, (index, first, last) => this.#parts[index]?.filter(first, last, test, target))
  }

  /** Visits the parts that hold what is from one position to before another, with those positions within them. */
  #visit(start: number, end: number, visit: (index: number, first: number, last: number) => void): void {
    let position = 0
    for (let index = 0; index < this.#parts.length && position < end; index++) {
      const size = this.#parts[index]?.size ?? 0
      if (position + size > start) visit(index, Math.max(start - position, 0), Math.min(end - position, size))
      position += size
    }
  }

  #indexOf(rank: Rank, isInclusive: boolean): number {
    const limit = isInclusive ? 1 : 0
    return countWhile(this.#bounds, (bound) => this.#order.compare(bound, rank) < limit)
  }

  #settlePart(index: number): Part<Item, Rank> | undefined {
    const part = this.#parts[index]?.settle()
    if (part) this.#parts[index] = part
    return part
  }

  #split(): Split<Item, Rank> | undefined {
    const half = MAX_PARTS / 2
    const part = new Branch(this.#parts.splice(half), this.#bounds.splice(half), this.#order)
    this.#size -= part.size
    const bound = this.#bounds.pop()
    return bound && { part, bound }
  }
}

const sizeOf = (parts: readonly { size: number }[]) => parts.reduce((total, { size }) => total + size, 0)

/** How many values, of which the first ones are before something, are. */
function countWhile<T>(values: readonly T[], isBefore: (value: T) => boolean): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const value = values[middle]
    if (value !== undefined && isBefore(value)) low = middle + 1
    else high = middle
  }
  return low
}

/** Namespaces: worlds beside the mock's own, each made at its first call, and dropped when nobody asks it for an hour. */
import { quote } from '../schema/json.ts'
import { pathBelow } from '../http/base-path.ts'
import { MOCK_PATH } from '../authentik/pages.ts'
import { decodePath } from '../http/path.ts'
import type { Call } from '../http/message.ts'
import { MockError } from '../store/mock-error.ts'
import { toInstant } from '../store/clock.ts'
import { checkNames, type MockOptions } from '../mock/options.ts'
import { controlError } from './control-error.ts'
import { Namespace } from './namespace.ts'
import type { NamespaceRecord } from './types.ts'

/** The header that names a namespace. */
export const NAMESPACE_HEADER = 'X-Authentik-Mock-Namespace'
/** How many there may be, and for how long nobody may ask one, in milliseconds. */
const MAX_NAMESPACES = 1000
const IDLE_TIME = 3_600_000
/** How often it is looked for those that nobody asks, in milliseconds. */
const SWEEP_INTERVAL = 60_000

const NAMES = `${MOCK_PATH}ns/`
/** No segment of dots alone, which every client takes out of a path. */
const NAME = /^(?!\.+$)[A-Za-z0-9._~-]{1,64}$/

/** Where a call leads to: a namespace, and what is asked there of the mock's own. */
export interface Place {
  namespace: Namespace
  /** What stands before authentik's paths for whoever calls, without its final slash. */
  base: string
  /** The decoded path of the mock's own, from `/-/mock/` on; undefined for a path of authentik. */
  ownPath: string | undefined
}

/** The mock's own world, and those beside it. */
export class Namespaces {
  readonly main: Namespace
  readonly #isSecret: (word: string) => boolean
  readonly #byName = new Map<string, Namespace>()
  #swept = Date.now()

  constructor(main: Namespace, isSecret: (word: string) => boolean) {
    this.main = main
    this.#isSecret = isSecret
  }

  /** Where a call leads to. @throws MockError ERR_CONTROL for a name that cannot be, or one too many */
  locate(call: Call): Place {
    const { base } = this.main
    if (!call.path.includes('mock/') || !/\/(?:-|%2d)\/mock\//i.test(call.path)) {
      const name = call.header(NAMESPACE_HEADER.toLowerCase())
      return { namespace: name === undefined ? this.main : this.get(name), base, ownPath: undefined }
    }
    const path = pathBelow(this.main.base, decodePath(call.path)) ?? ''
    if (path.startsWith(NAMES)) {
      const [name = '', ...rest] = path.slice(NAMES.length).split('/')
      const innerPath = `/${rest.join('/')}`
      const namespace = this.get(name)
      return { namespace, base: namespace.base, ownPath: innerPath.startsWith(MOCK_PATH) ? innerPath : undefined }
    }
    const name = call.header(NAMESPACE_HEADER.toLowerCase())
    const namespace = name === undefined ? this.main : this.get(name)
    return { namespace, base, ownPath: path.startsWith(MOCK_PATH) ? path : undefined }
  }

  /** A namespace, which is made when it is first asked for. @throws MockError ERR_CONTROL */
  get(name: string): Namespace {
    const present = this.#byName.get(name)
    const namespace = present && !isIdle(present) ? present : this.#make(name)
    namespace.used = Date.now()
    return namespace
  }

  /** Those that are in use. */
  list(): NamespaceRecord[] {
    this.#sweep()
    return [...this.#byName].map(([name, namespace]) => toRecord(name, namespace))
  }

  /** @returns whether there was one of this name */
  delete(name: string): boolean {
    return this.#byName.delete(name)
  }

  /**
   * Makes a namespace that begins as the mock began, or with options of its own.
   * @throws MockError ERR_CONTROL for a name that cannot be, or is taken; and as `mock` does
   */
  async create(name: string, options?: MockOptions): Promise<Namespace> {
    this.#makeRoom(name)
    if (options === undefined) return this.get(name)
    checkNames(options)
    checkOptions(options)
    const alias = this.#aliasOf(name)
    const authentik = this.main.core.create(options, alias)
    await authentik.ready
    this.#makeRoom(name)
    const namespace = new Namespace(authentik, { name, base: alias }, this.#isSecret)
    this.#byName.set(name, namespace)
    return namespace
  }

  #aliasOf(name: string): string {
    return `${this.main.base}${NAMES}${name}`
  }

  /** @throws MockError ERR_CONTROL for a name of which there cannot be another namespace */
  #makeRoom(name: string): void {
    const present = this.#byName.get(name)
    if (present && !isIdle(present))
      throw controlError([`name: the namespace "${name}" is there already; delete it first, or give another name`])
    this.#checkRoom(name)
  }

  /** Forgets an idle namespace of this name. @throws MockError ERR_CONTROL for a name that cannot be, or one too many */
  #checkRoom(name: string): void {
    if (typeof name !== 'string' || !NAME.test(name)) throw nameError(name)
    this.#byName.delete(name)
    if (Date.now() - this.#swept > SWEEP_INTERVAL || this.#byName.size >= MAX_NAMESPACES) this.#sweep()
    if (this.#byName.size >= MAX_NAMESPACES) throw new TooManyNamespaces()
  }

  #make(name: string): Namespace {
    this.#checkRoom(name)
    const alias = this.#aliasOf(name)
    const namespace = new Namespace(this.main.core.fork(alias), { name, base: alias }, this.#isSecret)
    this.#byName.set(name, namespace)
    return namespace
  }

  #sweep(): void {
    this.#swept = Date.now()
    for (const [name, namespace] of this.#byName) if (isIdle(namespace)) this.#byName.delete(name)
  }
}

/** What is told of a namespace. */
export const toRecord = (name: string, { used, journal }: Namespace): NamespaceRecord => ({
  name,
  used: toInstant(used),
  requests: journal.size,
})

/** @throws MockError ERR_CONTROL for an option that is the whole mock's */
function checkOptions(options: MockOptions): void {
  if (options.basePath !== undefined)
    throw controlError(['options.basePath: is that of the whole mock; give it there, and leave it out here'])
}

/** Whether nobody has asked a namespace for too long, and nobody listens to it. */
const isIdle = ({ used, events }: Namespace) => Date.now() - used > IDLE_TIME && !events.isHeard

/** There are a thousand namespaces already. */
export class TooManyNamespaces extends MockError {
  constructor() {
    const remedy =
      'Delete one that is over: DELETE /-/mock/api/namespaces/NAME/. One that nobody asks goes after an hour.'
    super('ERR_CONTROL', `Failed to make a namespace: there are ${MAX_NAMESPACES}. ${remedy}`)
  }
}

const nameError = (name: string) =>
  new MockError(
    'ERR_CONTROL',
    `Failed to find the namespace ${quote(name)}: a name has 1 to 64 letters, digits, and signs of -._~, not dots alone. Give another in ${NAMESPACE_HEADER}, or in the path.`,
    [`namespace: ${quote(name)} is no name`],
  )

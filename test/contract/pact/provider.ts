/** A process that serves a mock, and on each message verifies it against a pact. A message may have one value in the answers changed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Verifier } from '@pact-foundation/pact'
import { serve } from '../../../src/http/node/server.ts'
import type { Expiry } from '../../../src/entries/pact.ts'
import { resourceStates, type ResourceStates } from '../../../src/contract/pact/states.ts'
import { mock, type Mock } from '../../../src/mock/mock.ts'
import type { CheckedTable } from '../../../src/store/checked-table.ts'
import { toInstant } from '../../../src/store/clock.ts'

/** A change of one value in the JSON of an answer. Without a new value the key is removed. */
export interface Change {
  path: (string | number)[]
  value?: unknown
}

/** What is verified. */
export interface Verification {
  /** The path of the pact. */
  file: string
  /** The release of the mock. @default '2024.8.3' */
  release?: string
  /** A regular expression for the descriptions of the interactions that are verified. */
  only?: string
  change?: Change
}

/** A line for each mismatch that the verifier found. */
export type Verdict = string[]

const folder = mkdtempSync(join(tmpdir(), 'provider-'))
process.on('exit', () => rmSync(folder, { recursive: true }))

const mocks = new Map<string, Mock>()
let authentik = mockOf('2024.8.3')
let token: string | undefined
let change: Change | undefined
let isChanged = false

const { url } = await serve({ ...authentik, answer: async (call) => tamper(await authentik.answer(call)) }, { port: 0 })

function mockOf(release: string): Mock {
  const instance = mocks.get(release) ?? mock({ release, now: '2024-09-27T14:26:18.306Z' })
  mocks.set(release, instance)
  return instance
}

/** Resources of which the consumer says more than that there is a row. */
const SPECIAL: Record<string, StateHandler> = {
  authorization_codes: ensureGrant('authorization_codes', 'code'),
  access_tokens: ensureGrant('access_tokens', 'token'),
  refresh_tokens: ensureGrant('refresh_tokens', 'token'),
  // Its URLs have the slug of its application in them.
  async providers() {
    await resetMock()
    return { id: [...authentik.world.applications.values()].at(-1)!.provider! }
  },
}

type Parameters = Record<string, string | number>
type StateHandler = (parameters: never) => Promise<Parameters | void>

const states: Record<string, StateHandler> = Object.fromEntries([
  ...resourceStates.flatMap((state): [string, StateHandler][] => [
    [state.present, SPECIAL[state.resource.name] ?? ensurePresent(state)],
    [state.absent, ensureAbsent(state)],
  ]),
  ['the token is refused', async () => void (token = 'no-such-token')],
])

/** The row that the consumer names is there, or another, whose key the provider says. */
function ensurePresent({ resource, key }: ResourceStates): StateHandler {
  return async (parameters: Parameters) => {
    await resetMock()
    const row = findNamed(resource, key, parameters[key]) ?? firstOf(tableOf(resource).values())
    return { [key]: row[fieldOf(resource, key)] as string | number }
  }
}

function ensureAbsent({ resource, key }: ResourceStates): StateHandler {
  return async (parameters: Parameters) => {
    await resetMock()
    const row = findNamed(resource, key, parameters[key])
    if (row) await tableOf(resource).delete(row[resource.key] as string | number)
  }
}

const tableOf = ({ name }: ResourceStates['resource']) =>
  authentik.world[name] as unknown as CheckedTable<Record<string, unknown>>
const fieldOf = (resource: ResourceStates['resource'], key: string) => (key === 'id' ? resource.key : key)
const findNamed = (resource: ResourceStates['resource'], key: string, value: unknown) =>
  [...tableOf(resource).values()].find((row) => String(row[fieldOf(resource, key)]) === String(value))

type GrantTable = 'authorization_codes' | 'access_tokens' | 'refresh_tokens'

/**
 * Replaces a grant by one with the id and the expiry that the consumer gave.
 * @param secret the field whose value has to be unique
 */
function ensureGrant(name: GrantTable, secret: 'code' | 'token') {
  return async ({ id, expiry }: { id: number; expiry: Expiry }) => {
    await resetMock()
    const table = authentik.world[name] as unknown as CheckedTable<Record<string, unknown>>
    const template = table.get(id) ?? firstOf(table.values())
    await table.delete(id)
    const now = authentik.clock.now()
    const expires = { live: toInstant(now + 60_000), expired: toInstant(now - 60_000), none: null }[expiry]
    await table.create({ ...template, pk: id, [secret]: `${secret} ${id}`, expires, expiring: expires !== null })
  }
}

/** Returns the first of some rows. @throws RangeError when there are none */
function firstOf<Row>(rows: Iterable<Row>): Row {
  for (const row of rows) return row
  throw new RangeError('There are no rows.')
}

async function resetMock() {
  await authentik.reset()
  token = authentik.tokens().superuser
}

/** Verifies the mock against a pact. @throws when the verifier could not do its work */
async function verify(file: string): Promise<Verdict> {
  const verifier = new Verifier({
    providerBaseUrl: url,
    pactUrls: [file],
    stateHandlers: states as never,
    requestFilter(request: IncomingMessage, _response: unknown, next: () => void) {
      if (request.headers.authorization) request.headers.authorization = `Bearer ${token}`
      next()
    },
    followRedirects: false,
    logLevel: 'error',
  })
  try {
    await verifier.verifyProvider()
    return []
  } catch (error) {
    return toVerdict((error as Error).message)
  }
}

/** Writes a pact with some of the interactions of another: Pact reads all of a pact, whatever it verifies. @returns its path */
function cut(file: string, only: RegExp): string {
  const pact = JSON.parse(readFileSync(file, 'utf8')) as { interactions: { description: string }[] }
  const interactions = pact.interactions.filter(({ description }) => only.test(description))
  const path = join(folder, 'pact.json')
  writeFileSync(path, JSON.stringify({ ...pact, interactions }))
  return path
}

function toVerdict(results: string): Verdict {
  const { errors } = JSON.parse(results) as {
    errors: {
      interaction: string
      mismatch: { message?: string; mismatches?: { path?: string; mismatch: string }[] }
    }[]
  }
  return errors.flatMap(
    ({ interaction, mismatch: { message, mismatches } }) =>
      mismatches?.map(({ path = '', mismatch }) => `${path} ${mismatch}`) ?? `${interaction}: ${message}`,
  )
}

function tamper(reply: Awaited<ReturnType<typeof authentik.answer>>): typeof reply {
  if (!change || reply.status !== 200) return reply
  isChanged = true
  const body = JSON.parse(reply.body) as object
  const key = change.path.at(-1)
  if (key === undefined) return { ...reply, body: JSON.stringify(change.value) }
  const parent = change.path.slice(0, -1).reduce<any>((value, step) => value[step], body)
  if (!(key in parent)) throw new RangeError(`There is no ${change.path.join('.')} to change.`)
  if ('value' in change) parent[key] = change.value
  else delete parent[key]
  return { ...reply, body: JSON.stringify(body) }
}

process.on('message', async ({ file, release = '2024.8.3', only = '', change: requestedChange }: Verification) => {
  authentik = mockOf(release)
  await resetMock()
  change = requestedChange
  isChanged = false
  const verdict = await verify(only === '' ? file : cut(file, new RegExp(only))).catch((error: unknown) => ({
    failure: String(error),
  }))
  process.send!(change && !isChanged ? { failure: 'The verifier never asked for what was to be changed.' } : verdict)
})
process.on('disconnect', () => process.exit())
process.send!('ready')

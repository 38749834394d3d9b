/** The recorded answers of running authentik servers, and mocks of the worlds that these had. */
import { mock, type Mock, type MockOptions, type Reply } from '../../src/entries/index.ts'
import { clientOf, replyTo, type Client, type Row, type WorldJson } from './client.ts'
import { readJson, readLines } from './files.ts'

/** A request that was sent to a running authentik, and its answer. */
export interface Recording {
  name: string
  request: Row
  response: Row
}

/** The requests that were recorded of a release, in the order in which they were sent. */
export const recordingsOf = (release: string): Recording[] => readLines(`fixtures/recordings/${release}.jsonl`)

/** The rows that the server of a release had when it was recorded. */
export const recordedWorldOf = (release: string): WorldJson => readJson(`fixtures/recordings/${release}.world.json`)

/** The world of the recordings of 2024.8.4. */
export const recordedWorld = recordedWorldOf('2024.8.4')

const recordings = recordingsOf('2024.8.4')

/** The body of an answer that a server of 2024.8.4 gave, by the name of its recording. */
export function recordedBody(name: string): Row {
  const recording = recordings.find((candidate) => candidate.name === name)
  if (!recording) throw new RangeError(`Failed to find a recording: none is named "${name}".`)
  return recording.response.body
}

/** Sends a recorded request again, with the headers that its HTTP client added. */
export async function replay(server: Mock, { method, path, headers = {}, form, body }: Row): Promise<Reply> {
  const pairs: [string, string][] = Array.isArray(headers) ? headers : Object.entries(headers)
  const [pathname, query = ''] = path.split('?')
  const text = form ? new URLSearchParams(form).toString() : toText(body)
  const implied: Record<string, string> = { host: 'authentik.test' }
  if (text) implied['content-type'] = form ? 'application/x-www-form-urlencoded' : 'application/json'
  const header = (name: string) => {
    const values = pairs.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value)
    return values.length ? values.join(',') : implied[name]
  }
  await server.ready
  return replyTo(server, { method, path: pathname, query, header, body: text })
}

const toText = (body: unknown) => (body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body))

/** The headers of a mock's answer that a recording has too, its request id as recordings write it. */
export function sentHeaders({ headers }: Reply): Record<string, string> {
  const {
    date: _,
    'x-authentik-mock': __,
    ...shared
  } = Object.fromEntries(
    headers.map(([name, value]) => [name.toLowerCase(), name === 'X-Authentik-Id' ? '{{request-id}}' : value]),
  )
  return shared
}

/** The headers of a recorded answer, without those that follow from how it was sent. */
export function recordedHeaders({ headers }: Row): Record<string, string> {
  const { 'content-length': _, connection: __, ...stable } = headers
  return stable
}

/** Sorts the lists that authentik gives in no order, as a replacer of JSON.stringify. */
export const unordered = (key: string, value: unknown): unknown =>
  ['property_mappings', 'system_permissions', 'users', 'users_obj'].includes(key) && Array.isArray(value)
    ? value.map((item) => JSON.stringify(item)).sort()
    : value

/** A mock that answers from the recorded world as its server did. */
export const observed = (options: MockOptions = {}): Mock =>
  mock({ world: recordedWorld, release: '2024.8.4', fidelity: 'observed', ...options })

/** A mock that answers from the recorded world as authentik's documentation says. */
export const documented = (options: MockOptions = {}): Mock => mock({ world: recordedWorld, ...options })

/** A client that asks, unless told otherwise, as akadmin, who is the superuser of the recorded world. */
export const adminOf = (authentik: Mock): Client => clientOf(authentik, { as: 'seed-akadmin' })

/** The same client, of a new mock as observed. */
export const observedAdmin = (options?: MockOptions): Client => adminOf(observed(options))

/** A changed copy of the recorded world, without the fields that the mock computes from other rows. */
export function worldWith(change: (world: WorldJson) => void): WorldJson {
  const world = structuredClone(recordedWorld)
  omit(world.groups, 'users', 'num_pk', 'parent_name')
  omit(world.users, 'is_superuser')
  omit(world.applications, 'launch_url')
  omit(world.providers, 'assigned_application_slug', 'assigned_application_name')
  change(world)
  return world
}

function omit(rows: Row[], ...fields: string[]): void {
  for (const row of rows) for (const field of fields) delete row[field]
}

/** The superuser of a mock as observed, in whose world users have these permissions, by their usernames. */
export const adminWithPermissions = (permissions: Record<string, string[]>): Client =>
  observedAdmin({ world: worldWith((world) => (world.permissions = permissions)) })

/** The row of a list in which a field has a value. */
export function findRow(rows: readonly Row[], field: string, value: unknown): Row {
  const row = rows.find((candidate) => candidate[field] === value)
  if (!row) throw new RangeError(`Failed to find a row: none has the ${field} ${JSON.stringify(value)}.`)
  return row
}

/** The username of the outpost's service account. */
export const OUTPOST = 'ak-outpost-8d93d2616b0c4d41895d0990444777ab'
/** The usernames of the recorded world, in their order. */
export const EVERYBODY = [OUTPOST, 'akadmin', 'alice', 'bob', 'carol', 'dave', 'svc', 'viewer']
/** The group that alice and bob are in. */
export const DEVELOPERS = 'c2e91a5a-76a4-43ce-b921-7188ce36a448'
/** The group above the developers. */
export const STAFF = '5fd0a2d6-ad46-4341-bd04-c823aab242b6'
/** The group that makes superusers. */
export const ADMINS = '2c4db276-bf6c-49f1-a266-d66ffcca99fe'
/** alice's uuid. */
export const ALICE = 'f8358f6e-0048-4b1c-8e32-ab93faf0c44b'
/** A uuid that no row has. */
export const NO_UUID = '00000000-0000-0000-0000-000000000000'

/** The body of a 403 for a caller who lacks the permission. */
export const DENIED = { detail: 'You do not have permission to perform this action.' }
/** The body of a 403 for a caller without credentials. */
export const CREDENTIALS = { detail: 'Authentication credentials were not provided.' }
/** The body of a 403 for a token that authentik does not accept. */
export const INVALID_TOKEN = { detail: 'Token invalid/expired' }
/** The body of a 404 for a row that is not there, or not to be seen. */
export const NOT_FOUND = { detail: 'Not found.' }
/** What Django says of a text with a null character in it. */
export const NUL = 'Null characters are not allowed.'
/** What a filter says of a value that it does not know. */
export const notAmong = (value: string): string =>
  `Select a valid choice. ${value} is not one of the available choices.`
/** What a filter or a field says of a value that is no UUID. */
export const notUuid = (value: string): string => `“${value}” is not a valid UUID.`

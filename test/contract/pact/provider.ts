/** The provider: a process that serves a mock, and on each message verifies it against a pact, perhaps with one thing in its answers changed. */
import type { IncomingMessage } from 'node:http'
import { Verifier } from '@pact-foundation/pact'
import { serve } from '../../../src/http/node/server.ts'
import type { Expiry, StateHandlers } from '../../../src/entries/pact.ts'
import { mock, type Mock } from '../../../src/mock/mock.ts'
import { toInstant } from '../../../src/store/clock.ts'
import type { Resource } from '../../../src/store/resource.ts'
import { accessTokens } from '../../../src/authentik/resources/access-tokens.ts'
import { applications } from '../../../src/authentik/resources/applications.ts'
import { authorizationCodes } from '../../../src/authentik/resources/authorization-codes.ts'
import type { Grant } from '../../../src/authentik/resources/grants.ts'
import { groups } from '../../../src/authentik/resources/groups.ts'
import { oauth2Providers } from '../../../src/authentik/resources/oauth2-providers.ts'
import { refreshTokens } from '../../../src/authentik/resources/refresh-tokens.ts'
import { users } from '../../../src/authentik/resources/users.ts'

/** What is put at a path of an answer's JSON instead of what the mock says; without a value, the key goes. */
export interface Change {
  at: (string | number)[]
  to?: unknown
}

/** What is to be verified. */
export interface Verification {
  /** The pact's file. */
  file: string
  /** @default '2024.8.3' */
  release?: string
  /** Which interactions, as a regular expression for their descriptions. */
  only?: string
  change?: Change
}

/** What the verifier found: a line for each mismatch. */
export type Verdict = string[]

const mocks = new Map<string, Mock>()
let own = mockOf('2024.8.3')
let token: string | undefined
let change: Change | undefined
let changed = false

const { url } = await serve({ ...own, answer: async (call) => tamper(await own.answer(call)) }, { port: 0 })

function mockOf(release: string): Mock {
  const known = mocks.get(release) ?? mock({ release, now: '2024-09-27T14:26:18.306Z' })
  mocks.set(release, known)
  return known
}

const states: StateHandlers = {
  'an authorization code exists': grant(authorizationCodes, 'code'),
  'no authorization code exists': gone(authorizationCodes),
  'an access token exists': grant(accessTokens, 'token'),
  'no access token exists': gone(accessTokens),
  'a refresh token exists': grant(refreshTokens, 'token'),
  'no refresh token exists': gone(refreshTokens),
  'a user exists': begin,
  'no user exists': gone(users),
  // Whatever id the consumer gave: here these are of the provider's own.
  async 'a group exists'() {
    await begin()
    return { id: [...own.world.rows(groups).all()][0]!.pk }
  },
  'no group exists': gone(groups),
  async 'a provider exists'() {
    await begin()
    return { id: [...own.world.rows(applications).all()].at(-1)!.provider! }
  },
  'no provider exists': gone(oauth2Providers),
  async 'an application exists'() {
    await begin()
    return { slug: [...own.world.rows(applications).all()][0]!.slug }
  },
  async 'no application exists'({ slug }) {
    await begin()
    const found = own.world.rows(applications).find('slug', slug)
    if (found) await own.world.rows(applications).delete(found.pk)
  },
  'an API token exists': begin,
  async 'the token is refused'() {
    token = 'no-such-token'
  },
}

/** @param secret the field that no two rows may have alike */
function grant<Row extends Grant>(resource: Resource<Row>, secret: 'code' | 'token') {
  return async ({ id, expiry }: { id: number; expiry: Expiry }) => {
    await begin()
    const rows = own.world.rows(resource)
    const any = rows.get(id) ?? [...rows.all()][0]!
    await rows.delete(id)
    const now = own.clock.now()
    const expires = { live: toInstant(now + 60_000), expired: toInstant(now - 60_000), none: null }[expiry]
    await rows.create({ ...any, pk: id, [secret]: `${secret} ${id}`, expires, expiring: expires !== null })
  }
}

function gone<Row extends object>(resource: Resource<Row>) {
  return async ({ id }: { id: number | string }) => {
    await begin()
    await own.world.rows(resource).delete(id)
  }
}

async function begin() {
  await own.reset()
  token = own.tokens().superuser
}

/** @throws when the verifier could not do its work */
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

function tamper(reply: Awaited<ReturnType<typeof own.answer>>): typeof reply {
  if (!change || reply.status !== 200) return reply
  changed = true
  const body = JSON.parse(reply.body) as object
  const last = change.at.at(-1)
  if (last === undefined) return { ...reply, body: JSON.stringify(change.to) }
  const holder = change.at.slice(0, -1).reduce<any>((within, key) => within[key], body)
  if (!(last in holder)) throw new RangeError(`There is no ${change.at.join('.')} to change.`)
  if ('to' in change) holder[last] = change.to
  else delete holder[last]
  return { ...reply, body: JSON.stringify(body) }
}

process.on('message', async ({ file, release = '2024.8.3', only = '', change: asked }: Verification) => {
  own = mockOf(release)
  await begin()
  change = asked
  changed = false
  // The verifier's own filter.
  process.env['PACT_DESCRIPTION'] = only
  const verdict = await verify(file).catch((error: unknown) => ({ failure: String(error) }))
  process.send!(change && !changed ? { failure: 'The verifier never asked for what was to be changed.' } : verdict)
})
process.on('disconnect', () => process.exit())
process.send!('ready')

/** The provider: a process that serves the mock, and on each message verifies it against the pact, perhaps with one thing in its answers changed. */
import type { IncomingMessage } from 'node:http'
import { Verifier } from '@pact-foundation/pact'
import { serve } from '../../src/adapters/node.ts'
import { mock } from '../../src/authentik.ts'
import { toInstant } from '../../src/core/clock.ts'
import { authorizationCodes } from '../../src/resources/authorization-codes.ts'
import { inRoot } from '../support/files.ts'

/** What is put at a path of a code's JSON instead of what the mock says; without a value, the key goes. */
export interface Change {
  at: (string | number)[]
  to?: unknown
}

/** What the verifier found: a line for each mismatch. */
export type Verdict = string[]

const own = mock({ now: '2024-09-27T14:26:18.306Z' })
let token: string | undefined
let change: Change | undefined
let changed = false

const { url } = await serve({ ...own, answer: async (call) => tamper(await own.answer(call)) }, { port: 0 })

const states = {
  async 'an authorization code exists'({ id, expiry }: { id: number; expiry: 'live' | 'expired' | 'none' }) {
    await begin()
    const codes = own.world.rows(authorizationCodes)
    const any = codes.get(id) ?? [...codes.all()][0]!
    await codes.delete(id)
    const now = own.clock.now()
    const expires = { live: toInstant(now + 60_000), expired: toInstant(now - 60_000), none: null }[expiry]
    await codes.create({ ...any, pk: id, code: `code ${id}`, expires, expiring: expires !== null })
  },
  async 'no authorization code exists'({ id }: { id: number }) {
    await begin()
    await own.world.rows(authorizationCodes).delete(id)
  },
  async 'the token is refused'() {
    token = 'no-such-token'
  },
}

async function begin() {
  await own.reset()
  token = own.tokens().superuser
}

/** @throws when the verifier could not do its work */
async function verify(): Promise<Verdict> {
  const verifier = new Verifier({
    providerBaseUrl: url,
    pactUrls: [inRoot('pacts/goauthentik-api-authentik.json')],
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
  const { errors } = JSON.parse(results) as { errors: { interaction: string; mismatch: { message?: string; mismatches?: { path?: string; mismatch: string }[] } }[] }
  return errors.flatMap(({ interaction, mismatch: { message, mismatches } }) => mismatches?.map(({ path = '', mismatch }) => `${path} ${mismatch}`) ?? `${interaction}: ${message}`)
}

function tamper(reply: Awaited<ReturnType<typeof own.answer>>): typeof reply {
  if (!change || reply.status !== 200) return reply
  const body = JSON.parse(reply.body) as object
  const last = change.at.at(-1)!
  const holder = change.at.slice(0, -1).reduce<any>((within, key) => within[key], body)
  if (!(last in holder)) throw new RangeError(`There is no ${change.at.join('.')} to change.`)
  if ('to' in change) holder[last] = change.to
  else delete holder[last]
  changed = true
  return { ...reply, body: JSON.stringify(body) }
}

process.on('message', async (asked: { change?: Change }) => {
  change = asked.change
  changed = false
  // The verifier's own filter: a change is looked for where all keys are asked for alike.
  process.env['PACT_DESCRIPTION'] = change ? 'that is live$' : ''
  const verdict = await verify().catch((error: unknown) => ({ failure: String(error) }))
  process.send!(change && !changed ? { failure: 'The verifier never asked for what was to be changed.' } : verdict)
})
process.on('disconnect', () => process.exit())
process.send!('ready')

/** A verification has to notice when one thing of a good server is changed, and to say where. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { toPactFile } from '../../../src/contract/verify/pact-file.ts'
import { toReport } from '../../../src/contract/verify/report.ts'
import { exitOf, verify as verifyAll, type Verification } from '../../../src/contract/verify/run.ts'
import type { Schema } from '../../../src/schema/words.ts'
import { mock, type Mock } from '../../../src/mock/mock.ts'
import { findRelease } from '../../../src/authentik/releases/index.ts'
import { readJson } from '../../support/files.ts'
import { recordedWorldOf } from '../../support/recordings.ts'
import { isWhole } from '../../support/tier.ts'
import { mutantsOf, type Mutant } from './mutate.ts'
import { playBriefly } from './brief.ts'
import { waitPatiently } from './patience.ts'
import { CANARY, changed, report, verify, withMock, type Change } from './support.ts'

waitPatiently()

const contract = readJson('pacts/goauthentik-api-authentik.json')
const RETRIEVE = /\/oauth2\/authorization_codes\/\d+\/$/
const LIST = /\/oauth2\/authorization_codes\/$/

const SMALL = { codes: 4 }
const original = mock({ token: CANARY, ...SMALL })
const read = async (path: string): Promise<any> =>
  (
    await original.fetch(
      new Request(`http://localhost/api/v3${path}`, { headers: { Authorization: `Bearer ${CANARY}` } }),
    )
  ).json()
const { operations } = findRelease('2024.8.3')
const documented = (id: string, status: number) =>
  operations.find((operation) => operation.id === id)?.responses[status] as Schema

interface Base {
  /** An interaction of the contract. */
  description: string
  mutants: Mutant[]
}

/**
 * The answer of each operation, changed in every way that its documentation does not allow. One of the three lists is
 * enough, because their rows are alike.
 */
const bases: Base[] = [
  {
    description: 'a request for an authorization code that is live',
    mutants: mutantsOf(
      documented('oauth2_authorization_codes_retrieve', 200),
      await read('/oauth2/authorization_codes/1/'),
    ),
  },
  {
    description: 'a request for oauth2_access_tokens_retrieve',
    mutants: mutantsOf(documented('oauth2_access_tokens_retrieve', 200), await read('/oauth2/access_tokens/1/')),
  },
  {
    description: 'a request for oauth2_refresh_tokens_retrieve',
    mutants: mutantsOf(documented('oauth2_refresh_tokens_retrieve', 200), await read('/oauth2/refresh_tokens/1/')),
  },
  {
    description: 'a request for oauth2_authorization_codes_list',
    mutants: mutantsOf(documented('oauth2_authorization_codes_list', 200), await read('/oauth2/authorization_codes/')),
  },
  {
    description: 'a request for an authorization code with a token that is refused',
    mutants: mutantsOf(documented('oauth2_authorization_codes_retrieve', 403), { detail: 'Token invalid/expired' }),
  },
  {
    description: 'a request for an authorization code that is live',
    mutants: [
      { path: '$.pk', title: 'is that of another row', change: (code) => (code.pk += 1) },
      { path: '$.pk', title: 'is none that a row can have', change: (code) => (code.pk = -code.pk) },
      { path: '$.is_expired', title: 'is a lie', change: (code) => (code.is_expired = !code.is_expired) },
    ],
  },
]

/** The mutants that are answers of real servers of the release, and no drift. */
const KNOWN_DEVIATIONS =
  /\.provider\.assigned_(application_(slug|name) is null|backchannel_application_(slug|name) is gone)$/

const allMutants = bases.flatMap((base) =>
  base.mutants.map((mutant) => ({
    ...mutant,
    description: base.description,
    isKnown: KNOWN_DEVIATIONS.test(`${mutant.path} ${mutant.title}`),
  })),
)
const isFirstOfKind = ({ title, isKnown }: (typeof allMutants)[number], index: number) =>
  allMutants.findIndex((mutant) => mutant.title === title && mutant.isKnown === isKnown) === index
const mutants = allMutants
  .filter((mutant, index) => isWhole || isFirstOfKind(mutant, index) || index % 7 === 0)
  .map((mutant, index) => ({ ...mutant, index }))
const isAddition = ({ title }: Mutant) => title === 'is not documented'

/** Verifies all mutants at once: each has an interaction that asks for it in the query. */
const verification = await withMock(SMALL, verifyMutants, async ({ query }, answer) => {
  const mutant = mutants[Number(new URLSearchParams(query).get('mutant') ?? NaN)]
  const reply = await answer()
  return mutant ? changed(reply, (body) => void mutant.change(body)) : reply
})

async function verifyMutants(base: string): Promise<Verification> {
  const interactions = mutants.map(({ index, description }) => {
    const interaction = contract.interactions.find((candidate: any) => candidate.description === description)
    const request = { ...interaction.request, query: { mutant: [String(index)] } }
    return { ...interaction, description: `mutant ${index}`, request }
  })
  const content = toPactFile({ ...contract, interactions })
  const pacts = content ? [{ content, isShipped: true }] : []
  return verifyAll({ target: { base, token: CANARY }, release: undefined, pacts, second: undefined })
}

/** The verification of one mutant alone. */
const verificationOf = (index: number): Verification => ({
  ...verification,
  interactions: verification.interactions.filter(({ name }) => name === `mutant ${index}`),
  checks: [],
})

describe('an answer in which one thing is changed', () => {
  it('can be tried in more than 400 ways, of which one of each kind and each seventh are enough for the quick tests', () => {
    expect(allMutants.filter(({ isKnown }) => !isKnown).length).toBeGreaterThan(400)
  })

  it.each(mutants.filter((mutant) => !mutant.isKnown && !isAddition(mutant)))(
    '$description: $path $title: new drift, exit 1, and the report names the path',
    ({ index, path }) => {
      const verified = verificationOf(index)
      expect([verified.interactions.map(({ verdict }) => verdict), exitOf(verified, 'new')]).toEqual([['new drift'], 1])
      const reportedPath = path.replace(/\[0\]$/, '')
      expect(toReport.text(verified, String)).toContain(`      ${reportedPath}`)
      // Nothing else is found wrong: the finding is the cause.
      const findings = verified.interactions.flatMap((interaction) => interaction.findings)
      expect(findings.filter((finding) => !finding.path.startsWith(reportedPath))).toEqual([])
    },
  )

  it.each(mutants.filter(isAddition))(
    '$description: $path $title: new drift that breaks no contract, exit 6',
    ({ index, path }) => {
      const verified = verificationOf(index)
      expect([verified.interactions.map(({ verdict }) => verdict), exitOf(verified, 'new')]).toEqual([['new drift'], 6])
      expect(verified.interactions[0]?.findings).toEqual([
        { path, text: 'is not documented in 2024.8.3', isAddition: true },
      ])
    },
  )

  it.each(mutants.filter(({ isKnown }) => isKnown))(
    '$description: $path $title: a known deviation, which the report names',
    ({ index }) => {
      const [judged] = verificationOf(index).interactions
      expect([
        judged?.verdict,
        judged?.findings.every(({ deviation = '' }) => deviation.startsWith('assigned-')),
      ]).toEqual(['known deviation', true])
    },
  )
})

/** Changes the answers of a mock on some paths. */
const changeAt =
  (paths: RegExp, change: (body: any) => unknown): Change =>
  async ({ path }, answer) => {
    const reply = await answer()
    return paths.test(path) && reply.status === 200 ? changed(reply, change) : reply
  }

/** Changes every code, alone and in the list. */
const changeCodes = (change: (code: any) => void) =>
  changeAt(/\/oauth2\/authorization_codes\/(\d+\/)?$/, (body) => {
    for (const code of body.results ?? [body]) change(code)
  })
/** Changes every code in the list alone. */
const changeRows = (change: (code: any) => void) => changeAt(LIST, (body) => body.results.forEach(change))
/** Adds to one of the numbers that say where a page is. */
const changePage = (key: string, increment: number) =>
  changeAt(LIST, (body) => void (body.pagination[key] += increment))

/** Verifies without the contract, which few of the lies need. */
async function verifyByChecks(base: string) {
  const target = { base, token: CANARY }
  const verified = await verifyAll({ target, release: undefined, pacts: [], second: undefined })
  return { out: toReport.text(verified, String), code: exitOf(verified, 'new') }
}

/** Whether a lie is found where the contract is played, and not by the checks. */
const needsPact = (exit: number, path: string) => isWhole || exit === 1 || path.includes('though every server of')

const SERVERS: [title: string, change: Change, exit: number, path: string][] = [
  [
    'that answers with another row than the one asked for',
    changeAt(RETRIEVE, (code) => void (code.pk += 1)),
    1,
    '$.pk: is ',
  ],
  [
    'that leaves out a key of the contract',
    changeAt(RETRIEVE, (code) => void delete code.user.uid),
    1,
    '$.user.uid: is not there',
  ],
  [
    'that never says that a code has expired',
    changeAt(RETRIEVE, (code) => void (code.is_expired = false)),
    1,
    '$.is_expired: ',
  ],
  [
    'that says of every code that it has expired',
    changeCodes((code) => (code.is_expired = true)),
    1,
    '$.results[0].is_expired: code 20 expires ',
  ],
  [
    'that says of a code that never expires that it has',
    changeCodes((code) => void (code.expires ?? (code.is_expired = true))),
    1,
    '].is_expired: code ',
  ],
  [
    'whose list leaves out what retrieve gives',
    changeRows((code) => delete code.scope),
    1,
    '$.scope: is not in the list, though in the answer for one row',
  ],
  [
    'whose list leaves out what retrieve gives of a user',
    changeRows((code) => delete code.user.uid),
    1,
    '$.user.uid: is not in the list, though in the answer for one row',
  ],
  [
    'whose list leaves out what retrieve gives of a provider',
    changeRows((code) => delete code.provider.client_type),
    6,
    '$.provider.client_type: is not in the list, though in the answer for one row',
  ],
  [
    'whose list differs from retrieve',
    changeRows((code) => (code.scope = ['other'])),
    6,
    '$.scope: is not what /oauth2/authorization_codes/20/ says',
  ],
  [
    'whose user differs inside a code',
    changeCodes((code) => (code.user.name = 'Somebody else')),
    6,
    '$.user.name: is not what /core/users/',
  ],
  [
    'whose provider differs inside a code',
    changeCodes((code) => (code.provider.name = 'Something else')),
    6,
    '$.provider.name: is not what /providers/oauth2/',
  ],
  [
    'whose refresh token is not that of its list',
    changeAt(/\/refresh_tokens\/\d+\/$/, (token) => void (token.scope = ['other'])),
    6,
    '$.scope: is not what /oauth2/refresh_tokens/',
  ],
  [
    'that inverts what an access token alone says of its time',
    changeAt(/\/access_tokens\/\d+\/$/, (token) => void (token.is_expired = !token.is_expired)),
    6,
    '$.is_expired: is not what /oauth2/access_tokens/',
  ],
  [
    'whose user differs inside an access token',
    changeAt(/\/access_tokens\/(\d+\/)?$/, (body) => {
      for (const row of body.results ?? [body]) row.user.name = 'Somebody else'
    }),
    6,
    '$.user.name: is not what /core/users/',
  ],
  [
    'whose codes tell the groups of a user by their keys alone',
    changeCodes(({ user }) => user.groups.length && (user.groups_obj = null)),
    6,
    '.user.groups_obj: is null, and groups has ',
  ],
  [
    'whose codes leave out the groups of every user',
    changeCodes(({ user }) => Object.assign(user, { groups: [], groups_obj: [] })),
    6,
    '$.results[].user.groups: is not what another row of user ',
  ],
  [
    'whose codes end an hour later in the list alone',
    changeRows((code) => {
      if (code.expires) code.expires = code.expires.replace(/T.*/, 'T00:00:00Z')
    }),
    6,
    '$.expires: is not what /oauth2/authorization_codes/',
  ],
  [
    'whose access tokens have a page behind the last',
    changeAt(/\/access_tokens\/$/, ({ pagination }) => void pagination.next++),
    6,
    '$.pagination.next: behind the first page comes ',
  ],
  [
    'that refuses a token that is not there in words of its own',
    async (call, answer) => {
      const reply = await answer()
      return /\/refresh_tokens\/\d+\/$/.test(call.path) && reply.status === 404
        ? changed(reply, (body) => void (body.detail = 'Nothing here.'))
        : reply
    },
    6,
    'is answered with 404 {"detail":"Nothing here."}, and not with 404 ',
  ],
  ['whose list has a row without a pk', changeRows((code) => delete code.pk), 6, '$.results[0].pk: '],
  ['whose list has a row without a user', changeRows((code) => (code.user = null)), 1, '$.results[0].user.pk: '],
  ['whose list has no rows', changeAt(LIST, (body) => void delete body.results), 6, '$.results: '],
  [
    'whose list of access tokens has no rows',
    changeAt(/\/oauth2\/access_tokens\/$/, (body) => void delete body.results),
    6,
    '$.results: /oauth2/access_tokens/',
  ],
  [
    'whose first page is empty, though it counts rows',
    changeAt(/\/oauth2\/refresh_tokens\/$/, (body) => void (body.results = [])),
    6,
    '$.results: /oauth2/refresh_tokens/ has none of its ',
  ],
  ['whose list is a list', changeAt(LIST, ({ results }) => results), 6, '$: '],
  [
    'whose pages are not counted',
    changeAt(LIST, (body) => void delete body.pagination),
    1,
    '$.pagination: is no object',
  ],
  [
    'whose count is a text',
    changeAt(LIST, (body) => void (body.pagination.count = '20')),
    1,
    '$.pagination.count: is no whole number',
  ],
  ['whose count is too high', changePage('count', 2), 6, '$.pagination.total_pages: 22 rows are on 10 pages of 2'],
  [
    'whose pages are one too many',
    changePage('total_pages', 1),
    6,
    '$.pagination.total_pages: 20 rows are on 11 pages of 2',
  ],
  [
    'whose page ends too early',
    changePage('end_index', -1),
    6,
    '$.pagination.end_index: the first page ends with row 1',
  ],
  [
    'whose page begins too early',
    changePage('start_index', -1),
    6,
    '$.pagination.start_index: the first page begins with row 0',
  ],
  ['whose first page is another', changePage('current', 1), 6, '$.pagination.current: the first page is page 2'],
  ['whose next page is the same', changePage('next', -1), 6, '$.pagination.next: behind the first page comes 1'],
  [
    'that has a page before the first',
    changePage('previous', 1),
    6,
    '$.pagination.previous: before the first page comes 1',
  ],
  [
    'whose page is too short',
    changeAt(LIST, (body) => void (body.pagination.count > 2 && body.results.pop())),
    6,
    '$.pagination.count: a page of 2 has 1 rows of 20',
  ],
  [
    'that shows a code to nobody',
    async (call, answer) =>
      call.header('authorization') === undefined && LIST.test(call.path)
        ? { ...(await answer()), status: 200 }
        : answer(),
    6,
    '/oauth2/authorization_codes/ is answered with 200 to nobody',
  ],
  [
    'that shows to nobody what uses a token',
    async (call, answer) =>
      call.header('authorization') === undefined && /\/access_tokens\/\d+\/used_by\/$/.test(call.path)
        ? { ...(await answer()), status: 200 }
        : answer(),
    6,
    '/used_by/ is answered with 200 to nobody',
  ],
  [
    'whose list of codes denies every expiry',
    changeRows((code) => (code.is_expired = false)),
    6,
    ', and is_expired is false, as of every code whose time is over',
  ],
  [
    'whose list of refresh tokens denies every expiry',
    changeAt(/\/refresh_tokens\/$/, ({ results }) => results.forEach((row: any) => (row.is_expired = false))),
    6,
    ', and is_expired is false, as of every refresh token whose time is over',
  ],
  [
    'that denies the expiry of the one code that is over, which is older than the newest twenty',
    async (call, answer) => {
      const reply = await answer()
      if (!LIST.test(call.path) || reply.status !== 200) return reply
      // Other codes never expire, and the one is shown only where codes that expire first stand first.
      const isByExpiry = new URLSearchParams(call.query).get('ordering') === 'expires'
      return changed(reply, ({ results }) =>
        results.forEach((code: any, index: number) =>
          Object.assign(code, {
            is_expired: false,
            ...(isByExpiry && index === 0 ? { pk: 4711, expires: '2024-01-01T00:00:00Z' } : { expires: null }),
          }),
        ),
      )
    },
    6,
    'expires 2024-01-01T00:00:00Z, and is_expired is false, as of every code whose time is over',
  ],
  [
    'that leaves out everywhere what every server sends, though it is documented as optional',
    changeAt(/./, (body) => deleteDeep(body, 'client_id')),
    6,
    '$.provider.client_id: is not there, though every server of 2024.8.3 sends it',
  ],
  [
    'that does not read ?page=',
    (call, answer) => (/(^|&)page=2/.test(call.query) ? pageOne.answer(withoutPage(call)) : answer()),
    6,
    '$.pagination.current: the second page is page 1',
  ],
  [
    'whose second page has the rows of the first',
    async (call, answer) => {
      const reply = await answer()
      if (!LIST.test(call.path) || !/page=2/.test(call.query)) return reply
      const { results } = JSON.parse((await pageOne.answer(withoutPage(call))).body)
      return changed(reply, (body) => ({ ...body, results }))
    },
    6,
    '$.results[0].pk: ?page=2 of /oauth2/authorization_codes/ has the row of the first page',
  ],
  [
    'that has a page behind the last',
    changeAt(LIST, ({ pagination }) => {
      if (pagination.current === pagination.total_pages) pagination.next = pagination.current + 1
    }),
    6,
    '$.pagination.next: behind the last page comes 21',
  ],
  [
    'that refuses with words of its own',
    async (_call, answer) => {
      const reply = await answer()
      return reply.status === 403 ? { ...reply, body: '{"detail":"Go away."}' } : reply
    },
    6,
    'is answered with 403 {"detail":"Go away."}, and not with 403 {"detail":"Token invalid/expired"}',
  ],
  [
    'whose users have groups, and no group whole',
    changeAt(/./, (body) => emptyGroups(body)),
    6,
    '.user.groups_obj: has 0 groups, and groups has ',
  ],
]

/** Answers the first page of a list, whichever page is asked for. */
const pageOne = mock({ token: CANARY })
const withoutPage = (call: Parameters<Change>[0]) => ({ ...call, query: call.query.replace(/&?page=\d+/, '') })

/** Deletes a key wherever it is. */
function deleteDeep(value: any, key: string): void {
  if (typeof value !== 'object' || value === null) return
  delete value[key]
  for (const part of Object.values(value)) deleteDeep(part, key)
}

/** Empties the whole groups of each user. */
function emptyGroups(value: any): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value.groups_obj)) value.groups_obj = []
  for (const part of Object.values(value)) emptyGroups(part)
}

const folder = mkdtempSync(join(tmpdir(), 'authentik-mock-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Writes a token into a file. @returns its path */
function tokenFile(token: string): string {
  const file = join(folder, `token-${token}`)
  writeFileSync(file, token, { mode: 0o600 })
  return file
}

const verifyWithSecond = (url: string, second: string) => report(url, '--second-token-file', tokenFile(second))

describe('a server', () => {
  // Each lie of which the contract tells is one about a code, alone or in the list.
  playBriefly(/code that (is live|has expired|never expires)$|authorization_codes_list$/)

  it.concurrent.each(SERVERS)('%s fails', (_title, change, exit, path) =>
    withMock(
      {},
      async (url) => {
        const { out, code } = needsPact(exit, path) ? await verify(['--provider-url', url]) : await verifyByChecks(url)
        expect(out).toContain(path)
        expect(code).toBe(exit)
      },
      change,
    ),
  )
})

describe('a server, whatever the contract finds,', () => {
  playBriefly()

  it.each<
    [
      title: string,
      paths: RegExp | 'patience' | undefined,
      id: string,
      exit: number,
      verdict: string,
      text: string | undefined,
    ]
  >([
    ['that keeps an ordinary user to their own codes conforms', undefined, 'S02', 0, 'conforms', undefined],
    [
      'that shows an ordinary user a code of somebody else fails',
      RETRIEVE,
      'S02',
      6,
      'new drift',
      'the code 20 of somebody else is answered with 200, not 404',
    ],
    [
      'that asks an ordinary user for patience has no finding',
      'patience',
      'S02',
      3,
      'inconclusive',
      'asks for patience. Try again later.',
    ],
    [
      'that shows an ordinary user a list of all codes fails',
      LIST,
      'S02',
      6,
      'new drift',
      'the list has codes of others',
    ],
    ['that asks for the permission to see what uses a code conforms', undefined, 'S04', 0, 'conforms', undefined],
    [
      'that shows an ordinary user what uses a code fails',
      /\/used_by\/$/,
      'S04',
      6,
      'new drift',
      '/oauth2/authorization_codes/15/used_by/ is answered with 200',
    ],
  ])('%s', async (_title, paths, id, exit, verdict, text) => {
    let asSuperuser: Mock
    await withMock(
      {},
      async (url, served) => {
        asSuperuser = served
        await served.ready
        const { code, report: verified } = await verifyWithSecond(url, served.tokens().user ?? '')
        const check = verified.checks.find(({ name }) => name.startsWith(id))
        expect([code, check?.verdict, check?.findings[0]?.text.replace(`${url}: `, '')]).toEqual([exit, verdict, text])
      },
      async (call, answer) => {
        const isOrdinary = call.header('authorization') === `Bearer ${asSuperuser.tokens().user}`
        if (isOrdinary && paths === 'patience' && RETRIEVE.test(call.path))
          return { ...(await answer()), status: 429, body: '{}' }
        return isOrdinary && paths instanceof RegExp && paths.test(call.path)
          ? asSuperuser.answer({
              ...call,
              header: (name) => (name === 'authorization' ? `Bearer ${CANARY}` : call.header(name)),
            })
          : answer()
      },
    )
  })

  it.each([
    ['a superuser', (served: Mock) => served.tokens().superuser, 'the second token is not that of an ordinary user'],
    ['a user without rows', () => 'key-of-nobody-special', 'that user has no code'],
  ])('is not said to keep others out by the token of %s', async (_title, keyOf, reason) => {
    await withMock({}, async (url, served) => {
      await served.ready
      const loner = await served.world.users.create({ username: 'loner', name: 'Loner' })
      await served.world.api_tokens.create({
        identifier: 'loner',
        key: 'key-of-nobody-special',
        user: loner.pk,
        intent: 'api',
        expiring: false,
      })
      const { code, report: verified } = await verifyWithSecond(url, keyOf(served) ?? '')
      const checks = verified.checks.filter(({ name }) => /^S0[24]/.test(name))
      expect([code, ...checks.map(({ verdict, findings }) => [verdict, findings[0]?.text])]).toEqual([
        0,
        ['inconclusive', reason],
        ['inconclusive', reason],
      ])
    })
  })

  it.each([
    ['codes and tokens', ['view_authorizationcode', 'view_accesstoken', 'view_refreshtoken']],
    ['everything', ['view_authorizationcode', 'view_accesstoken', 'view_refreshtoken', 'view_user']],
  ])('is not said to show what uses a token to a user who may view %s', async (_title, permissions) => {
    const world = recordedWorldOf('2026.2.2')
    world['permissions'] = { alice: permissions }
    const key = world.api_tokens.find(({ identifier }) => identifier === 'seed-alice')?.['key']
    await withMock({ release: '2026.8.3', world }, async (url, served) => {
      await served.ready
      const { out } = await verify(['--provider-url', url, '--second-token-file', tokenFile(key)], {
        AUTHENTIK_TOKEN: 'seed-token-akadmin',
      })
      expect(out).toContain('is answered with 200, as to a user with the permission to view')
      expect(out).not.toContain('new drift')
    })
  })

  it('is verified with a token file that others can read, which is said', () =>
    withMock({}, async (url) => {
      const file = tokenFile('nobody')
      chmodSync(file, 0o644)
      const { err } = await verify(['--provider-url', url, '--second-token-file', file])
      expect(err.split('\n')[0]).toBe(
        `authentik-mock: --second-token-file ${file} can be read by others. Take that from them: chmod 600 ${file}`,
      )
      chmodSync(file, 0o600)
    }))

  it('that refuses the second token ends the verification with exit 4', () =>
    withMock({}, async (url) => {
      const { code, err, out } = await verify(['--provider-url', url, '--second-token-file', tokenFile('nobody')])
      expect([code, out, err]).toEqual([
        4,
        '',
        `authentik-mock: ${url}: of the second token: refuses the token (Token invalid/expired). Give one of intent API, of an active user, that has not expired.\n`,
      ])
    }))

  it.each(['drift', 'code', 'new', 'conforms'])('fails though its token is the word %j', async (token) => {
    await withMock(
      { token },
      async (url) => {
        const { out, code } = await verify(['--provider-url', url], { AUTHENTIK_TOKEN: token })
        expect([code, out.includes('✗ new drift')]).toEqual([1, true])
      },
      changeAt(RETRIEVE, (body) => void delete body.user.uid),
    )
  })

  it('that shows a client_secret after the release that took it away fails', () =>
    withMock(
      { release: '2026.8.3' },
      async (url) => {
        const { code, report: verified } = await report(url)
        const check = verified.checks.find(({ name }) => name.startsWith('S01'))
        expect([code, check?.name, check?.verdict]).toEqual([
          6,
          'S01: no client_secret in the body of a code or token (CVE-2026-40166, first fixed in 2025.12.5 and 2026.2.3)',
          'new drift',
        ])
      },
      changeCodes((code) => (code.provider.client_secret = 'secret')),
    ))
})

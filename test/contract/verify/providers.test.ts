/** Servers that are as they should be conform: the mock of every release, and real servers as they were recorded. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readLines } from '../../support/files.ts'
import { recordedWorldOf } from '../../support/recordings.ts'
import { definitions, isWhole, triedReleases } from '../../support/tier.ts'
import { playBriefly } from './brief.ts'
import { waitPatiently } from './patience.ts'
import { changed, report, verdicts, verify, withMock, withServer, type Change } from './support.ts'

waitPatiently()

const FIDELITIES = ['documented', 'observed'] as const
/** Each release in both fidelities, or in one of them by turns. */
const servers = triedReleases().flatMap((release, index) =>
  FIDELITIES.filter((_, turn) => isWhole || turn === index % 2).map((fidelity) => ({ release, fidelity })),
)

describe('a server of any release', () => {
  it.concurrent.each(servers)(
    '$release, $fidelity, has no new drift, and every interaction is concluded',
    ({ release, fidelity }) =>
      withMock({ release, fidelity }, async (url, served) => {
        await served.ready
        const folder = mkdtempSync(join(tmpdir(), 'authentik-mock-'))
        const file = join(folder, 'token')
        writeFileSync(file, served.tokens().user ?? '', { mode: 0o600 })
        const { code, err, report: verification } = await report(url, '--second-token-file', file)
        rmSync(folder, { recursive: true })
        expect(verdicts(verification).filter(({ verdict }) => verdict === 'new drift')).toEqual([])
        const good = fidelity === 'observed' ? ['conforms', 'known deviation'] : ['conforms']
        expect(verification.interactions.filter(({ verdict }) => !good.includes(verdict))).toEqual([])
        expect([code, err, verification.provider]).toMatchObject([
          0,
          '',
          { release, certainty: 'as the server says', caller: { username: 'akadmin', superuser: true } },
        ])
      }),
  )

  // Those above that are documented conform too, which are of the other releases.
  it.each(isWhole ? ['2024.2.4', '2024.8.3', '2026.8.3'] : ['2026.8.3'])(
    '%s, documented, conforms to a contract that is written for it',
    (release) =>
      withMock({ release }, async (url) => {
        const { interactions } = (await report(url)).report
        expect(interactions.filter(({ verdict }) => verdict !== 'conforms')).toEqual([])
      }),
  )

  it('shows a deviation that is known with its sentence, once for each interaction', () =>
    withMock({ fidelity: 'observed' }, async (url) => {
      const { out } = await verify(['--provider-url', url])
      const rows = out.split(/\n(?= {2}[✓~✗?])/).filter((row) => row.includes('(known: assigned-backchannel-absent)'))
      const sentence = 'The slug and name of a provider’s back-channel application are not there'
      expect(rows.map((row) => row.split(sentence).length - 1)).toEqual(rows.map(() => 1))
      expect(rows.length).toBeGreaterThan(5)
    }))

  it.each(['known', 'any'])('fails with 6 for --fail-on %s where a deviation is known', (failOn) =>
    withMock({ fidelity: 'observed' }, async (url) => {
      const { code, report: verification } = await report(url, '--fail-on', failOn)
      expect(verdicts(verification).some(({ verdict }) => verdict === 'known deviation')).toBe(true)
      expect(code).toBe(6)
    }),
  )

  it('fails with 6 for --fail-on known where only a security finding is known', () =>
    withMock({ release: '2024.8.3' }, async (url) => {
      const { code, report: verification } = await report(url, '--fail-on', 'known')
      expect([verification.interactions.every(({ verdict }) => verdict === 'conforms'), code]).toEqual([true, 6])
    }))
})

describe('a server that is named', () => {
  playBriefly()

  it.each([
    ['auto', '2024.8.3', 'as the server says'],
    ['2024.8.3', '2024.8.3', 'as asked for'],
    ['2024.8.4', '2024.8.4', 'as asked for; the server says 2024.8.3'],
  ])('is verified as the release of --release %s', (option, release, certainty) =>
    withMock({}, async (url) => {
      expect((await report(url, '--release', option)).report.provider).toMatchObject({ release, certainty })
    }),
  )

  it.each(['/', '/api/v3', '/api/v3/'])('may be given with %s at the end of its address', (end) =>
    withMock({}, async (url) => {
      const { code, report: verification } = await report(url + end)
      expect([code, verification.provider.base]).toEqual([0, url])
    }),
  )
})

/** Everybody who asked the recorded servers, by the API token of whom, and what comes of it. */
const CALLERS = [
  ['a superuser', 'seed-akadmin', 0],
  ['an owner with rows', 'seed-alice', 0],
  ['a service account with a code', 'seed-svc', 0],
  ['a user with permissions, without rows', 'seed-viewer', 5],
  ['a user without rows', 'seed-bob-without-rows', 5],
  ['a user who is not active', 'seed-carol', 4],
  ['the outpost, by the secret key', 'secret', 5],
] as const

/** Each of them at each release; or at the oldest and the newest by turns, because who asks is told alike at both. */
const callers = (isWhole ? definitions() : ['2024.2.0', '2026.8.3']).flatMap((release, index) =>
  FIDELITIES.filter((_, turn) => isWhole || turn === index).flatMap((fidelity) =>
    CALLERS.filter((_, turn) => isWhole || turn % 2 === index).map(([caller, identifier, exit]) => ({
      release,
      fidelity,
      caller,
      identifier,
      exit,
    })),
  ),
)

describe('a good server that is asked by', () => {
  it.concurrent.each(callers)(
    '$caller, of $release, $fidelity, has no new drift: exit $exit',
    async ({ release, fidelity, identifier, exit }) => {
      const world = recordedWorldOf(release < '2026' ? '2024.8.4' : '2026.2.2')
      const { key = world.secret_key, user } =
        world.api_tokens.find((token) => identifier.startsWith(token['identifier'])) ?? {}
      if (identifier.endsWith('-without-rows'))
        for (const family of ['authorization_codes', 'access_tokens', 'refresh_tokens'] as const)
          world[family] = world[family].filter((row) => row['user'] !== user)
      await withMock({ release, fidelity, world, now: `${world.recorded_at}T00:00:00Z` }, async (url) => {
        const { out, err, code } = await verify(['--provider-url', url], { AUTHENTIK_TOKEN: key })
        const reason = code === exit ? '' : err || out
        expect([code, out.includes('new drift'), reason]).toEqual([exit, false, ''])
      })
    },
  )
})

describe('a server without authorization codes', () => {
  it.each(FIDELITIES)('never passes: %s, it gives exit 5 and says what to do', (fidelity) =>
    withMock({ codes: 0, fidelity }, async (url) => {
      const { code, err, report: verification } = await report(url)
      const codes = verification.interactions.filter(
        ({ operation = '', status }) => operation.startsWith('oauth2_authorization_codes_') && status === 200,
      )
      expect(codes.map(({ verdict }) => verdict)).toEqual(Array.from({ length: 5 }, () => 'inconclusive'))
      expect([code, err]).toEqual([
        5,
        `authentik-mock: ${url}: has no authorization code to verify with. Log in to an application, and verify before its code expires.\n`,
      ])
    }),
  )

  it.each([
    ['new', 5],
    ['any', 6],
  ])('gives, for --fail-on %s, exit %i', (failOn, code) =>
    withMock({ codes: 0, release: '2026.8.3' }, async (url) => {
      expect((await verify(['--provider-url', url, '--fail-on', failOn])).code).toBe(code)
    }),
  )
})

interface Recording {
  name: string
  request: { method: string; path: string; as?: string }
  response: { status: number; headers: Record<string, string>; body: any }
}

/**
 * Answers what was recorded for akadmin, for nobody, and for those whose token was refused. Pages and single rows are cut
 * from the recorded lists.
 *
 * @param log gets a line for each request
 */
function replay(release: string, log: string[]): RequestListener {
  const recordings: Recording[] = readLines(`fixtures/recordings/${release}.jsonl`)
  const wholeList = recordings.find(
    ({ name, request }) => name.startsWith('codes.order.') && request.path.endsWith('page_size=30&ordering=pk'),
  )?.response.body
  const codes: any[] = wholeList.results.toReversed()
  const byPath = (path: string, as: string | undefined) =>
    recordings.find(
      ({ request, response }) =>
        request.method === 'GET' && request.path === path && request.as === as && response.status < 400,
    )
  const rowsOf = (list: string): any[] =>
    list === '/api/v3/oauth2/authorization_codes/' ? codes : (byPath(list, 'akadmin')?.response.body.results ?? [])
  const detail = (text: string) => ({ detail: text })
  const answerTo = (path: string, token: string | undefined): [number, unknown] => {
    const { pathname, searchParams } = new URL(path, 'http://authentik')
    if (pathname === '/api/v3/root/config/') return [200, { error_reporting: { enabled: false }, brand: {} }]
    if (token === undefined) return [403, detail('Authentication credentials were not provided.')]
    if (token !== 'Bearer seed-token-akadmin') return [403, detail('Token invalid/expired')]
    if (searchParams.has('user'))
      return [400, { user: ['Select a valid choice. That choice is not one of the available choices.'] }]
    if (/^\/api\/v3\/oauth2\/\w+\/$/.test(pathname)) {
      const whole = byPath(pathname, 'akadmin')?.response.body ?? wholeList
      const allRows = rowsOf(pathname)
      const [size, page] = [Number(searchParams.get('page_size') ?? 20), Number(searchParams.get('page') ?? 1)]
      const offset = (page - 1) * size
      const results = allRows.slice(offset, page * size)
      const pages = Math.ceil(allRows.length / size)
      return [
        200,
        {
          ...whole,
          pagination: {
            next: page < pages ? page + 1 : 0,
            previous: page - 1,
            count: allRows.length,
            current: page,
            total_pages: pages,
            start_index: offset + 1,
            end_index: offset + results.length,
          },
          results,
        },
      ]
    }
    const recording = byPath(path, 'akadmin') ?? byPath(pathname, 'akadmin')
    if (recording) return [200, recording.response.body]
    const [, family = '', id, usedBy] = /^(\/api\/v3\/oauth2\/\w+\/)(\d+)\/(used_by\/)?$/.exec(pathname) ?? []
    if (usedBy) return [200, byPath(`${family}1/used_by/`, 'akadmin')?.response.body]
    const row = rowsOf(family).find(({ pk }) => String(pk) === id)
    return row ? [200, row] : [404, detail('Not found.')]
  }
  return ({ method, url = '', headers }, response) => {
    const [status, body] = answerTo(url, headers.authorization)
    log.push(`${method} ${url} ${status}`)
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
  }
}

describe('a server that changes while it is verified', () => {
  const paths: string[] = []

  it('is not asked for a code that is about to expire: the next one is taken as the live one', () =>
    withMock(
      { now: '2024-09-27T14:26:18Z' },
      async (url) => {
        const { interactions } = (await report(url)).report
        expect(interactions.filter(({ verdict }) => verdict !== 'conforms')).toEqual([])
        // The check of what is nested in a code asks for the newest.
        expect(paths.filter((path) => path.endsWith('/20/'))).toHaveLength(1)
        expect(paths.length).toBeGreaterThan(3)
      },
      async ({ path }, answer) => {
        const reply = await answer()
        if (/\/authorization_codes\/\d+\/$/.test(path) && reply.status === 200) paths.push(path)
        const soon = (row: any) =>
          row.pk === 20 ? { ...row, expires: '2024-09-27T14:26:27Z', is_expired: false } : row
        return /\/authorization_codes\/(\d+\/)?$/.test(path) && reply.status === 200
          ? changed(reply, (body) => (body.results ? { ...body, results: body.results.map(soon) } : soon(body)))
          : reply
      },
    ))

  it('may lose a row to which it was asked, and that is no drift: another row is asked for, or there is none', async () => {
    const CODES = '/api/v3/oauth2/authorization_codes/'
    let isGone = false
    const change: Change = async (call, answer) => {
      // The newest is redeemed as soon as it is asked for alone.
      if (call.path === `${CODES}20/` && call.method === 'GET') isGone = true
      const reply = await answer()
      if (!isGone || reply.status !== 200) return reply
      if (call.path === `${CODES}20/`) return { ...reply, status: 404, body: '{"detail":"Not found."}' }
      return call.path === CODES
        ? changed(reply, (body) => void (body.results = body.results.filter(({ pk }: any) => pk !== 20)))
        : reply
    }
    await withMock(
      {},
      async (url) => {
        const { report: verification } = await report(url)
        expect(isGone).toBe(true)
        expect(verification.interactions.filter(({ verdict }) => verdict === 'new drift')).toEqual([])
      },
      change,
    )
  })
})

describe('a server with a key that is not documented', () => {
  const withUndocumentedKey = (statedRelease: string) =>
    [
      { release: '2024.8.6' },
      async (url: string) => {
        const { code, report: verification } = await report(url)
        return [
          code,
          verification.provider.certainty,
          verification.interactions.filter(({ verdict }) => verdict === 'new drift').length,
        ]
      },
      async ({ path }: { path: string }, answer: () => Promise<any>) => {
        const reply = await answer()
        if (path.endsWith('/admin/version/'))
          return changed(reply, (body) => void (body.version_current = statedRelease))
        const add = (row: any) => void (row.more = 1)
        return /\/authorization_codes\/(\d+\/)?$/.test(path) && reply.status === 200
          ? changed(reply, (body) => void (body.results ? body.results.forEach(add) : add(body)))
          : reply
      },
    ] as const

  it('of a known release has drifted: exit 6', async () => {
    expect(await withMock(...withUndocumentedKey('2024.8.6'))).toEqual([6, 'as the server says', 4])
  })

  it('of a release that is not known here may have it', async () => {
    expect(await withMock(...withUndocumentedKey('2024.8.9'))).toEqual([0, 'the nearest to 2024.8.9', 0])
  })
})

describe('a server that is newer than all releases that are known here', () => {
  const NEWER = '2099.2.1'
  const CODES = /\/authorization_codes\/(\d+\/)?$/
  /** Verifies a server that says that it is newer, and whose codes are changed. */
  const verifyNewer = (change: (code: any) => unknown) =>
    withMock(
      { release: 'latest' },
      (url) => verify(['--provider-url', url]),
      async ({ path }, answer) => {
        const reply = await answer()
        if (path.endsWith('/admin/version/')) return changed(reply, (body) => void (body.version_current = NEWER))
        return CODES.test(path) && reply.status === 200
          ? changed(reply, (body) => (body.results ?? [body]).forEach(change))
          : reply
      },
    )

  it('is held against the newest, which the first line says', async () => {
    const { out, code } = await verifyNewer(() => {})
    expect([code, out.split('\n')[0]]).toEqual([
      0,
      expect.stringContaining(`(the nearest to ${NEWER}, which is newer than all that are known here)`),
    ])
  })

  it.each([['a lie about its time', (code: any) => (code.is_expired = !code.is_expired), 1]])(
    'is not excused for %s',
    async (_, change, exit) => {
      expect((await verifyNewer(change)).code).toBe(exit)
    },
  )

  describe('in one answer', () => {
    playBriefly()

    it.each([
      ['has a key no more', (code: any) => delete code.user.uid],
      ['has another type', (code: any) => (code.scope = 'openid')],
    ])('may be documented otherwise, so that an answer which %s is inconclusive', async (_, change) => {
      const { out, code } = await verifyNewer(change)
      expect([
        code,
        out.includes('✗'),
        out.includes('? inconclusive     a request for an authorization code that is live'),
      ]).toEqual([0, false, true])
    })

    it('is not excused for a secret that it shows', () =>
      withMock(
        { release: 'latest' },
        async (url) => {
          const { out, code } = await verify(['--provider-url', url])
          expect([code, out]).toEqual([6, expect.stringMatching(/✗ new drift {8}S01: /)])
        },
        async ({ path }, answer) => {
          const reply = await answer()
          if (path.endsWith('/admin/version/')) return changed(reply, (body) => void (body.version_current = NEWER))
          return path.endsWith('/authorization_codes/') && reply.status === 200
            ? changed(reply, ({ results }) => results.forEach((code: any) => (code.provider.client_secret = 'x')))
            : reply
        },
      ))
  })
})

describe('a real server, as it was recorded', () => {
  it.each(['2024.8.4', '2026.2.2'])('%s has no new drift', async (release) => {
    const log: string[] = []
    await withServer(replay(release, log), async (url) => {
      const { out, code } = await verify(['--provider-url', url, '--reporter', 'json'], {
        AUTHENTIK_TOKEN: 'seed-token-akadmin',
      })
      const verification = JSON.parse(out)
      expect(verdicts(verification).filter(({ verdict }) => verdict === 'new drift')).toEqual([])
      expect(
        verification.interactions.filter(({ verdict }: { verdict: string }) => verdict === 'inconclusive'),
      ).toEqual([])
      expect([code, verification.provider.release, verification.provider.caller.username]).toEqual([
        0,
        release,
        'akadmin',
      ])
    })
    expect(log.filter((line) => /authorization_codes\/\d+\/ 200$/.test(line)).length).toBeGreaterThan(3)
  })

  it('may keep a row for ever although its time is past, and that is no drift', () =>
    withMock(
      {},
      async (url) => {
        const { out } = await verify(['--provider-url', url])
        expect(out).toMatch(
          /\? inconclusive {5}expiry: .*\n {6}code 20 expires 2020-01-01T00:00:00Z, and is_expired is false, as for one that is kept for ever\n/,
        )
      },
      async ({ path }, answer) => {
        const keep = (row: any) =>
          row.pk === 20 ? { ...row, expires: '2020-01-01T00:00:00Z', is_expired: false } : row
        if (!path.includes('/authorization_codes/')) return answer()
        const reply = await answer()
        return reply.status === 200
          ? changed(reply, (body) => (body.results ? { ...body, results: body.results.map(keep) } : keep(body)))
          : reply
      },
    ))
})

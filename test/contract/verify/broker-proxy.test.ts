/** The pacts of a Pact Broker: which are verified, what fails, and what is published. */
import { describe, expect, it } from 'vitest'
import { readJson } from '../../support/files.ts'
import { isWhole } from '../../support/tier.ts'
import { playBriefly, playedCount } from './brief.ts'
import { standIn, type Stored } from './standin-broker.ts'
import { waitPatiently } from './patience.ts'
import { CANARY, verify, withMock, withServer } from './support.ts'

playBriefly()
waitPatiently()

const BROKER_TOKEN = 'canary-of-the-broker-91ac'
const contract = readJson('pacts/goauthentik-api-authentik.json')

/** Makes a pact of a consumer with one interaction of the contract. */
const pactOf = (
  consumer: string,
  description = 'a request for an authorization code that is live',
  change: (interaction: any) => void = () => {},
) => {
  const interaction = structuredClone(
    contract.interactions.find((candidate: any) => candidate.description === description),
  )
  change(interaction)
  return { ...contract, consumer: { name: consumer }, interactions: [interaction] }
}
const good: Stored = { pact: pactOf('good') }
const drifted = (pending: boolean): Stored => ({
  pact: pactOf('drifted', undefined, ({ response }) => (response.status = 418)),
  pending,
})
const impossible: Stored = {
  pact: pactOf('impossible', undefined, (interaction) => {
    interaction.providerStates = [{ name: 'the moon is full' }]
  }),
}

interface Run {
  stored: readonly Stored[]
  args?: readonly string[]
  env?: Record<string, string>
  answerTo?: Parameters<typeof standIn>[1]
  change?: Parameters<typeof standIn>[2]
}

/** Verifies a mock with the pacts of a broker beside the contract that is shipped. */
const run = ({ stored, args = [], env = { PACT_BROKER_TOKEN: BROKER_TOKEN }, answerTo, change }: Run) =>
  withMock({}, (url) => {
    const broker = standIn(stored, answerTo, change)
    return withServer(broker.listener, async (brokerUrl) => {
      const result = await verify(['--provider-url', url, '--broker-url', brokerUrl, '--reporter', 'json', ...args], {
        AUTHENTIK_TOKEN: CANARY,
        ...env,
      })
      const report = result.out === '' ? undefined : JSON.parse(result.out)
      return {
        ...result,
        ...broker,
        url,
        brokerUrl,
        report,
        brokered: report?.interactions
          .slice(playedCount())
          .map(({ name, verdict, pending }: any) => [name, verdict, pending]),
      }
    })
  })

const LIVE = 'a request for an authorization code that is live'
const PUBLISH = ['--publish-verification', '--provider-branch', 'main', '--build-url', 'https://ci.example/7']

describe.concurrent('the pacts of a broker', () => {
  it('are verified beside the contract that is shipped; nothing is published unless it is asked for', async () => {
    const { code, brokered, requests, published, err } = await run({ stored: [good] })
    expect([code, err, brokered, published]).toEqual([0, '', [[LIVE, 'conforms', undefined]], {}])
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /',
      'GET /pacts/provider/authentik/for-verification',
      'POST /pacts/provider/authentik/for-verification',
      'GET /pacts/0',
    ])
  })

  it('are chosen by selectors, pending and work in progress, as Pact has them', async () => {
    const args = [
      '--consumer-version-selectors',
      '{"mainBranch":true}',
      '--consumer-version-selectors',
      '{"deployedOrReleased":true}',
    ]
    const { requests } = await run({
      stored: [good],
      args: [...args, '--enable-pending', '--include-wip-pacts-since', '2026-01-01', '--provider-branch', 'main'],
    })
    expect(requests.find(({ method }) => method === 'POST')?.body).toEqual({
      consumerVersionSelectors: [{ mainBranch: true }, { deployedOrReleased: true }],
      includePendingStatus: true,
      includeWipPactsSince: '2026-01-01',
      providerVersionBranch: 'main',
    })
  })

  it('fail when they drift: exit 1', async () => {
    const { code, brokered } = await run({ stored: [good, drifted(true)] })
    expect([code, brokered]).toEqual([
      1,
      [
        [LIVE, 'conforms', undefined],
        [LIVE, 'new drift', undefined],
      ],
    ])
  })

  it('fail nobody while they are pending', async () => {
    const { code, brokered } = await run({
      stored: [good, drifted(true)],
      args: ['--enable-pending', '--provider-branch', 'main'],
    })
    expect([code, brokered]).toEqual([
      0,
      [
        [LIVE, 'conforms', undefined],
        [LIVE, 'new drift', true],
      ],
    ])
  })

  it('of two versions of a consumer are told apart, though their interactions look alike', async () => {
    const driftedVersion = { pact: pactOf('good', undefined, ({ response }) => (response.status = 418)) }
    expect((await run({ stored: [good, driftedVersion] })).brokered).toEqual([
      [LIVE, 'conforms', undefined],
      [LIVE, 'new drift', undefined],
    ])
    expect((await run({ stored: [driftedVersion, good] })).brokered).toEqual([
      [LIVE, 'new drift', undefined],
      [LIVE, 'conforms', undefined],
    ])
  })

  it('that cannot be tried are inconclusive', async () => {
    const messages = {
      pact: {
        ...contract,
        consumer: { name: 'listener' },
        interactions: [{ description: 'a message', type: 'Asynchronous/Messages', contents: {} }],
      },
    }
    const { code, report } = await run({ stored: [impossible, messages] })
    expect([
      code,
      report.interactions.slice(playedCount()).map(({ verdict, findings }: any) => [verdict, findings[0].text]),
    ]).toEqual([
      0,
      [
        ['inconclusive', 'the server has nothing for "the moon is full"'],
        ['inconclusive', 'it is no request'],
      ],
    ])
  })

  it('may be none, and the report says so', async () => {
    const { code, report, brokerUrl } = await run({ stored: [] })
    expect([code, report.interactions.at(-1)]).toEqual([
      0,
      {
        name: `the pacts at ${brokerUrl}`,
        verdict: 'inconclusive',
        findings: [{ path: '', text: 'the broker has none that was asked for' }],
      },
    ])
  })
})

describe.concurrent('a pact of many interactions', () => {
  /** More than Pact gets at once in each lane. A few go to Pact in parts too, so that they do where the number is no matter. */
  const MANY = 60
  const COUNT = isWhole ? MANY : 8
  const DRIFTING = [3, COUNT / 2 + 2]
  /** Makes a pact in which every interaction has its own description and expects what the contract says, or a teapot. */
  const large = (consumer: string, drifting: readonly number[] = [], length = COUNT) => {
    const [interaction] = pactOf(consumer).interactions
    const interactions = Array.from({ length }, (_, index) => ({
      ...structuredClone(interaction),
      _id: `id-${index}`,
      description: `request ${index}`,
      response: drifting.includes(index) ? { status: 418 } : interaction.response,
    }))
    return { ...contract, consumer: { name: consumer }, interactions }
  }

  it('goes to Pact in parts, and its verdicts stand in its own order beside those of others', async () => {
    const { code, brokered, requests } = await run({
      stored: [good, { pact: large('large', DRIFTING, MANY) }, drifted(true)],
      args: ['--enable-pending', '--provider-branch', 'main'],
    })
    const expected = Array.from({ length: MANY }, (_, index) => [
      `request ${index}`,
      DRIFTING.includes(index) ? 'new drift' : 'conforms',
      undefined,
    ])
    expect([code, brokered]).toEqual([1, [[LIVE, 'conforms', undefined], ...expected, [LIVE, 'new drift', true]]])
    expect(requests.filter(({ path }) => path.startsWith('/pacts/') && !path.includes('provider'))).toHaveLength(3)
  })

  it('is pending as a whole', async () => {
    const { code, brokered } = await run({
      stored: [{ pact: large('large', DRIFTING), pending: true }],
      args: ['--enable-pending', '--provider-branch', 'main'],
    })
    expect([code, brokered.map(([, , pending]: unknown[]) => pending)]).toEqual([0, Array(COUNT).fill(true)])
  })

  it('has one result, which tells of each interaction, and its version is named once', async () => {
    const { report, published, requests } = await run({
      stored: [{ pact: large('large') }, { pact: large('drifting', DRIFTING) }],
      args: PUBLISH,
    })
    const sent = requests.map(({ method, path }) => `${method} ${path}`).filter((request) => !request.startsWith('GET'))
    // Either of the two may be done first.
    expect([...sent.slice(0, 2), ...sent.slice(2).toSorted()]).toEqual([
      'POST /pacts/provider/authentik/for-verification',
      'PUT /pacticipants/authentik/branches/main/versions/2024.8.3',
      'POST /pacts/0/verification-results',
      'POST /pacts/1/verification-results',
    ])
    expect(report.publications.map(({ outcome }: any) => outcome)).toEqual(['published', 'published'])
    expect(published['large']).toMatchObject({ success: true, buildUrl: 'https://ci.example/7' })
    expect(published['drifting']).toMatchObject({ success: false, providerApplicationVersion: '2024.8.3' })
    const results = published['drifting'].testResults
    expect(results.map(({ interactionId }: any) => interactionId)).toEqual(
      Array.from({ length: COUNT }, (_, index) => `id-${index}`),
    )
    expect(results.flatMap(({ success }: any, index: number) => (success ? [] : [index]))).toEqual(DRIFTING)
  })

  it('is withheld as a whole when a single interaction could not be tried', async () => {
    const pact = large('large')
    pact.interactions[7].providerStates = [{ name: 'the moon is full' }]
    const { published, report } = await run({ stored: [{ pact }], args: PUBLISH })
    expect([published, report.publications]).toEqual([
      {},
      [{ consumer: 'large', outcome: 'withheld', because: '1 of its interactions could not be tried' }],
    ])
  })

  it('that Pact can read only in part is concluded for that part, and its result is not published', async () => {
    const pact = large('large')
    const matchingRules = { body: { '$[': { matchers: [{ match: 'type' }] } } }
    pact.interactions.at(-1).response = { ...pact.interactions.at(-1).response, matchingRules }
    const { code, report, published, brokered } = await run({ stored: [good, { pact }], args: PUBLISH })
    const verdicts = brokered.map(([, verdict]: string[]) => verdict)
    const untried = report.interactions.at(-1)
    expect([code, verdicts[0], verdicts[1], untried.verdict]).toEqual([3, 'conforms', 'conforms', 'inconclusive'])
    expect([verdicts.length, verdicts.includes('new drift')]).toEqual([COUNT + 1, false])
    expect(untried.findings).toEqual([
      { path: '', text: expect.stringMatching(/^Pact cannot read its pact: .*"\$\["/) },
    ])
    expect(JSON.stringify(report)).not.toContain('/lanes/')
    expect([Object.keys(published), report.publications[1]]).toEqual([
      ['good'],
      { consumer: 'large', outcome: 'failed', because: 'Pact did not try to' },
    ])
  })

  it('that Pact cannot read at all ends with exit 2 when there is no other', async () => {
    const pact = pactOf('unreadable', undefined, ({ response }) => {
      response.matchingRules = { body: { '$[': { matchers: [{ match: 'type' }] } } }
    })
    const { code, out, err } = await run({ stored: [{ pact }] })
    expect([code, out, err]).toEqual([
      2,
      '',
      expect.stringMatching(/^authentik-mock: Pact cannot read a pact: Error with the content/),
    ])
  })

  it('is not published when the broker refuses its result', async () => {
    const { code, report } = await run({
      stored: [{ pact: large('large') }],
      args: PUBLISH,
      answerTo: (path) => (path.endsWith('/verification-results') ? [500, 'out of space'] : undefined),
    })
    expect([code, report.publications]).toEqual([
      3,
      [{ consumer: 'large', outcome: 'failed', because: 'the broker answers 500: out of space' }],
    ])
  })
})

describe.concurrent('the pages of a broker', () => {
  it('may have links without a host', async () => {
    const bare = (body: unknown) => JSON.parse(JSON.stringify(body).replaceAll(/"http:\/\/127\.0\.0\.1:\d+\//g, '"/'))
    const { code, brokered } = await run({ stored: [good], change: bare })
    expect([code, brokered]).toEqual([0, [[LIVE, 'conforms', undefined]]])
  })

  it('are changed in links alone: what a pact expects stays', async () => {
    const { code, report, brokerUrl } = await run({
      stored: [good],
      change: (body, base) =>
        'interactions' in body
          ? {
              ...body,
              interactions: body.interactions.map((interaction: any) => ({
                ...interaction,
                response: { status: 200, body: { content: { scope: [`${base}/x`] } } },
              })),
            }
          : body,
    })
    expect([code, JSON.stringify(report.interactions.at(-1).findings).includes(`${brokerUrl}/x`)]).toEqual([1, true])
  })
})

describe.concurrent('the result of a pact', () => {
  it('is published for the release that the server says, from a branch', async () => {
    const { code, requests, published, report } = await run({ stored: [good, drifted(false)], args: PUBLISH })
    expect([code, report.publications]).toEqual([
      1,
      [
        { consumer: 'good', outcome: 'published' },
        { consumer: 'drifted', outcome: 'published' },
      ],
    ])
    expect(published['good']).toMatchObject({
      success: true,
      providerApplicationVersion: '2024.8.3',
      buildUrl: 'https://ci.example/7',
    })
    expect(published['drifted']).toMatchObject({ success: false, providerApplicationVersion: '2024.8.3' })
    expect(requests.filter(({ method }) => method === 'PUT').map(({ path }) => path)).toContain(
      '/pacticipants/authentik/branches/main/versions/2024.8.3',
    )
  })

  it('is published for --provider-version', async () => {
    const { published } = await run({ stored: [good], args: [...PUBLISH, '--provider-version', 'production-7'] })
    expect(published['good']).toMatchObject({ success: true, providerApplicationVersion: 'production-7' })
  })

  it('is withheld where an interaction could not be tried, because neither a success nor a failure is known', async () => {
    const { code, err, published, report } = await run({ stored: [impossible, good], args: PUBLISH })
    expect([code, Object.keys(published), report.publications]).toEqual([
      0,
      ['good'],
      [
        { consumer: 'impossible', outcome: 'withheld', because: '1 of its interactions could not be tried' },
        { consumer: 'good', outcome: 'published' },
      ],
    ])
    expect(err).toBe(
      'authentik-mock: the result for impossible is not published: 1 of its interactions could not be tried\n',
    )
  })

  it('that a broker refuses is told after the report: exit 3', async () => {
    const { code, err, report } = await run({
      stored: [good],
      args: PUBLISH,
      answerTo: (path) => (path.endsWith('/verification-results') ? [500, 'out of space'] : undefined),
    })
    expect([code, report.publications[0].outcome, err]).toEqual([
      3,
      'failed',
      'authentik-mock: the result for good is not published: the broker answers 500: out of space\n',
    ])
  })

  it('is told too when a broker refuses its version: the report is not lost', async () => {
    const { code, err, report } = await run({
      stored: [good],
      args: PUBLISH,
      answerTo: (path) => (path.includes('/branches/') ? [403, { error: 'read only' }] : undefined),
    })
    expect([code, report.publications, err]).toEqual([
      3,
      [{ consumer: 'good', outcome: 'failed', because: 'the broker answers 403: {"error":"read only"}' }],
      'authentik-mock: the result for good is not published: the broker answers 403: {"error":"read only"}\n',
    ])
  })

  it('that Pact does not publish, because the pact has no link for it, is told', async () => {
    const answerTo: Run['answerTo'] = (path) => (path === '/pacts/0' ? [200, { ...good.pact, _links: {} }] : undefined)
    const { code, report } = await run({ stored: [good], args: PUBLISH, answerTo })
    expect([code, report.publications]).toEqual([
      3,
      [{ consumer: 'good', outcome: 'failed', because: 'Pact did not try to' }],
    ])
  })
})

describe.concurrent('a broker that is not in order', () => {
  const NOT_A_BROKER = 'answers, but not as a Pact Broker does. Is the address that of the broker itself?'
  const cases: [title: string, answerTo: NonNullable<Run['answerTo']>, code: number, message: string][] = [
    [
      'refuses',
      () => [401, {}],
      4,
      'refuses the credentials (401). Give PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD.',
    ],
    ['is no broker', () => [200, { status: 'ok' }], 3, NOT_A_BROKER],
    ['is a web page', () => [200, '<html>'], 3, NOT_A_BROKER],
    ['fails', () => [503, 'starting'], 3, 'answers 503: starting. Look at its log.'],
    [
      'sends elsewhere',
      () => [301, {}],
      3,
      'sends to undefined, which is not followed. Give the address that it has now: --broker-url',
    ],
    [
      'has another name for itself',
      () => [200, { _links: { 'pb:provider-pacts-for-verification': { href: 'https://other.example/x' } } }],
      3,
      'calls itself https://other.example. Give that address, or tell it its own: PACT_BROKER_BASE_URL',
    ],
    [
      'does not know authentik',
      (path) => (path.endsWith('/for-verification') ? [404, { error: 'No provider' }] : undefined),
      3,
      'answers 404: {"error":"No provider"}. Is what was asked for there, and known to it?',
    ],
    [
      'refuses one pact',
      (path) => (path === '/pacts/0' ? [403, {}] : undefined),
      4,
      'refuses the credentials (403). Give PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD.',
    ],
  ]
  it.each(cases)('that %s is told in one line, with exit code and remedy', async (_title, answerTo, code, message) => {
    const result = await run({ stored: [good], answerTo })
    expect([result.code, result.out, result.err]).toEqual([
      code,
      '',
      `authentik-mock: ${result.brokerUrl}: ${message}\n`,
    ])
    // A time-out takes longer than this, because the test is patient.
    expect(result.took).toBeLessThan(20_000)
  })

  it('that cannot be reached is told in one line too', async () => {
    const { code, err, out } = await withMock({}, (url) =>
      verify(['--provider-url', url, '--broker-url', 'http://127.0.0.1:1']),
    )
    expect([code, out, err]).toEqual([
      3,
      '',
      'authentik-mock: http://127.0.0.1:1: refuses the connection. Is it up, and is the port right?\n',
    ])
  })
})

describe.concurrent('the credentials of a broker', () => {
  it.each([
    ['a token', { PACT_BROKER_TOKEN: BROKER_TOKEN }, `Bearer ${BROKER_TOKEN}`],
    [
      'a name and a password',
      { PACT_BROKER_USERNAME: 'ci', PACT_BROKER_PASSWORD: BROKER_TOKEN },
      `Basic ${btoa(`ci:${BROKER_TOKEN}`)}`,
    ],
  ])('are %s, in every request', async (_title, env, authorization) => {
    const { requests, code } = await run({ stored: [good], env, args: PUBLISH })
    expect([code, requests.filter((request) => request.authorization !== authorization)]).toEqual([0, []])
  })

  it('are not shown when the broker repeats them', async () => {
    const { code, err } = await run({
      stored: [good],
      answerTo: () => [500, `no ${BROKER_TOKEN} ${btoa(BROKER_TOKEN)}`],
    })
    expect([
      code,
      err.includes(BROKER_TOKEN),
      err.includes(btoa(BROKER_TOKEN).slice(0, -4)),
      err.includes('***'),
    ]).toEqual([3, false, false, true])
  })

  it('are never sent to authentik, nor its token to the broker', async () => {
    const authorizations: (string | undefined)[] = []
    const broker = standIn([good])
    await withMock(
      {},
      (url) =>
        withServer(broker.listener, (brokerUrl) =>
          verify(['--provider-url', url, '--broker-url', brokerUrl], {
            AUTHENTIK_TOKEN: CANARY,
            PACT_BROKER_TOKEN: BROKER_TOKEN,
          }),
        ),
      (call, answer) => {
        authorizations.push(call.header('authorization'))
        return answer()
      },
    )
    expect(authorizations.length).toBeGreaterThan(20)
    expect([
      authorizations.filter((authorization) => authorization?.includes(BROKER_TOKEN)),
      broker.requests.filter(({ authorization }) => authorization?.includes(CANARY)),
    ]).toEqual([[], []])
  })
})

describe.concurrent('options of a broker that make no sense', () => {
  const PROVIDER = ['--provider-url', 'http://127.0.0.1:1']
  const BROKER = ['--broker-url', 'http://127.0.0.1:2']
  it.each([
    [['--enable-pending'], '--enable-pending is for a Pact Broker. Give its address too: --broker-url URL'],
    [
      ['--broker-url', 'broker.company'],
      'broker.company is no address of a server. Give one such as https://authentik.example.',
    ],
    [
      ['--broker-url', 'https://ci:secret@broker.company'],
      'https://broker.company is given with a user or a password. Give it without, and its credentials in PACT_BROKER_TOKEN, or in PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD.',
    ],
    [[...BROKER, '--enable-pending'], '--enable-pending is decided for a branch. Give it: --provider-branch NAME'],
    [
      [...BROKER, '--include-wip-pacts-since', '2026-01-01'],
      '--include-wip-pacts-since is decided for a branch. Give it: --provider-branch NAME',
    ],
    [
      [...BROKER, '--provider-version', '1'],
      '--provider-version is for what is published. Give too: --publish-verification',
    ],
    [
      [...BROKER, '--consumer-version-selectors', 'main'],
      '--consumer-version-selectors main: Give an object in JSON, such as {"mainBranch":true}.',
    ],
  ])('%j is refused with exit 2', async (args, message) => {
    const { code, err } = await verify([...PROVIDER, ...args])
    expect([code, err]).toEqual([2, `authentik-mock: ${message}\n`])
  })
})

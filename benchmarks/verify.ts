/** Measures a verification, and Pact alone, which sends the same requests to the same server. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { openProviderProxy } from '../src/contract/verify/provider-proxy.ts'
import { toPactFile, type Interaction, type PactFile } from '../src/contract/verify/pact-file.ts'
import { findPact, startPact } from '../src/contract/verify/pact.ts'
import { preflight, type Target } from '../src/contract/verify/preflight.ts'
import { verify } from '../src/contract/verify/run.ts'
import { statesOf } from '../src/contract/verify/states.ts'
import { standIn } from '../test/contract/verify/standin-broker.ts'
import { here, median, start, stop } from './children.ts'

/** How long a verification takes, in milliseconds. */
export interface VerifyTimes {
  name: string
  whole: number
  /** The time of Pact's process alone, with its start. */
  pact: number
}

const ROUNDS = 7
/** Pact alone takes half a minute for the large pact. */
const LARGE_ROUNDS = 1
const LARGE = 800

interface Case {
  name: string
  content: PactFile
  isFromBroker?: true
  rounds: number
}

/** Measures the verification of one operation, of the contract that is shipped, and of a pact of many interactions. */
export async function measureVerify(): Promise<VerifyTimes[]> {
  const contract = toPactFile(JSON.parse(readFileSync(here('../pacts/goauthentik-api-authentik.json'), 'utf8')))!
  const isLive = ({ description }: Interaction) => description.endsWith('that is live')
  const oneOperation = { ...contract, interactions: contract.interactions.filter(isLive) }
  const large = { ...contract, interactions: repeat(contract.interactions, LARGE) }
  const cases: Case[] = [
    { name: 'one operation', content: oneOperation, rounds: ROUNDS },
    { name: 'the contract of the grant family', content: contract, rounds: ROUNDS },
    { name: `a pact of ${LARGE} interactions`, content: large, rounds: LARGE_ROUNDS },
    {
      name: `a pact of ${LARGE} interactions, from a broker`,
      content: large,
      isFromBroker: true,
      rounds: LARGE_ROUNDS,
    },
  ]
  const server = await start(['dist/cli.js', 'serve', '--port', '0', '--json'])
  const target = { base: server.url, token: server.token }
  const provider = await preflight(target, undefined)
  const states = statesOf(provider)
  await states.find(
    contract.interactions.flatMap(({ providerStates }) => providerStates),
    false,
  )
  const results: VerifyTimes[] = []
  for (const { name, content, isFromBroker, rounds } of cases) {
    const [whole, pact]: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds; round++) {
      const run = isFromBroker ? verifyFromBroker : verifyFromFile
      whole.push(await timed(() => run(target, content)))
      const gate = await openProviderProxy(provider, states.prepare)
      pact.push(
        await timed(async () => {
          const process = startPact(findPact(), gate.url)
          const interactions = content.interactions.map(gate.mark)
          await process.verify({ pactUrls: [gate.offer({ ...content, interactions })] })
          process.stop()
        }),
      )
      gate.close()
    }
    results.push({ name, whole: median(whole), pact: median(pact) })
  }
  await stop(server)
  return results
}

/** Repeats interactions, each with a description of its own. */
const repeat = (interactions: readonly Interaction[], count: number): Interaction[] =>
  Array.from({ length: count }, (_, index) => interactions[index % interactions.length]).flatMap((interaction, index) =>
    interaction ? [{ ...interaction, description: `${interaction.description}, ${index}` }] : [],
  )

const verifyFromFile = (target: Target, content: PactFile) =>
  verify({ target, release: undefined, pacts: [{ content, isShipped: true }], second: undefined })

async function verifyFromBroker(target: Target, content: PactFile): Promise<void> {
  const server = createServer(standIn([{ pact: content }]).listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : undefined}`
  const broker = {
    url,
    mayPublish: false,
    source: {
      provider: 'authentik',
      consumerVersionSelectors: [],
      enablePending: false,
      publishVerificationResult: false,
    },
  }
  const { interactions } = await verify({ target, release: undefined, pacts: [], broker, second: undefined })
  if (interactions.length !== content.interactions.length)
    throw new Error(`Failed to verify the pact of the broker: ${interactions.length} interactions were judged.`)
  await new Promise((resolve) => server.close(resolve))
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const startTime = performance.now()
  await run()
  return performance.now() - startTime
}

/** Measures a verification, and Pact alone, which sends the same requests to the same server. */
import { readFileSync } from 'node:fs'
import { openProviderProxy } from '../src/contract/verify/provider-proxy.ts'
import { toPactFile } from '../src/contract/verify/pact-file.ts'
import { findPact, startPact } from '../src/contract/verify/pact.ts'
import { preflight } from '../src/contract/verify/preflight.ts'
import { verify } from '../src/contract/verify/run.ts'
import { statesOf } from '../src/contract/verify/states.ts'
import { here, median, start, stop } from './children.ts'

/** How long a verification takes, in milliseconds. */
export interface VerifyTimes {
  name: string
  whole: number
  /** The time of Pact's process alone, with its start. */
  pact: number
}

const ROUNDS = 7

/** Measures the verification of one operation, and of the contract that is shipped. */
export async function measureVerify(): Promise<VerifyTimes[]> {
  const contract = toPactFile(JSON.parse(readFileSync(here('../pacts/goauthentik-api-authentik.json'), 'utf8')))!
  const oneOperation = {
    ...contract,
    interactions: contract.interactions.filter(({ description }) => description.endsWith('that is live')),
  }
  const server = await start(['dist/cli.js', 'serve', '--port', '0', '--json'])
  const target = { base: server.url, token: server.token }
  const cases = [
    { name: 'one operation', content: oneOperation, whole: [] as number[], pact: [] as number[] },
    { name: 'the contract of the grant family', content: contract, whole: [] as number[], pact: [] as number[] },
  ]
  const provider = await preflight(target, undefined)
  const states = statesOf(provider)
  await states.find(contract.interactions.flatMap(({ providerStates }) => providerStates))
  for (let round = 0; round < ROUNDS; round++) {
    for (const { content, whole, pact } of cases) {
      whole.push(
        await timed(() =>
          verify({ target, release: undefined, pacts: [{ content, isShipped: true }], second: undefined }),
        ),
      )
      const gate = await openProviderProxy(provider, states.prepare)
      pact.push(
        await timed(async () => {
          const process = startPact(findPact(), gate.url)
          await process.verify({ pactUrls: [gate.offer(content)] })
          process.stop()
        }),
      )
      gate.close()
    }
  }
  await stop(server)
  return cases.map(({ name, whole, pact }) => ({ name, whole: median(whole), pact: median(pact) }))
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const startTime = performance.now()
  await run()
  return performance.now() - startTime
}

/** What a verification takes beside Pact alone, which asks the same of the same server. */
import { readFileSync } from 'node:fs'
import { openProviderProxy } from '../src/contract/verify/provider-proxy.ts'
import { toPactFile } from '../src/contract/verify/pact-file.ts'
import { findPact, startPact } from '../src/contract/verify/pact.ts'
import { preflight } from '../src/contract/verify/preflight.ts'
import { verify } from '../src/contract/verify/run.ts'
import { statesOf } from '../src/contract/verify/states.ts'
import { here, median, start, stop } from './children.ts'

export interface VerifyTimes {
  name: string
  /** Milliseconds of the whole, and of Pact's process alone with its start. */
  whole: number
  pact: number
}

const ROUNDS = 7

export async function measureVerify(): Promise<VerifyTimes[]> {
  const contract = toPactFile(JSON.parse(readFileSync(here('../pacts/goauthentik-api-authentik.json'), 'utf8')))!
  const one = {
    ...contract,
    interactions: contract.interactions.filter(({ description }) => description.endsWith('that is live')),
  }
  const server = await start(['dist/cli.js', 'serve', '--port', '0', '--json'])
  const target = { base: server.url, token: server.token }
  const cases = [
    { name: 'one operation', content: one, whole: [] as number[], pact: [] as number[] },
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

async function timed(what: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await what()
  return performance.now() - began
}

/** Starts the provider, apart from the tests: the verifier prints from native code, and takes its process along when it crashes. */
import { fork } from 'node:child_process'
import { inRoot } from '../../support/files.ts'
import type { Verdict, Verification } from './provider.ts'

export interface Provider {
  /** @throws when the verifier could not do its work */
  verify(what: Verification): Promise<Verdict>
  stop(): void
}

export async function startProvider(): Promise<Provider> {
  // With an environment of its own: Pact would report to Google Analytics, ask a broker or go through a proxy when a variable says so.
  const { PATH, SystemRoot } = process.env
  const provider = fork(inRoot('test/contract/pact/provider.ts'), {
    execArgv: [],
    env: { PATH, SystemRoot, PACT_DO_NOT_TRACK: 'true' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let complaints = ''
  provider.stderr!.on('data', (data: Buffer) => (complaints += data.toString()))
  const answer = () =>
    new Promise<unknown>((resolve, reject) => {
      const gone = (code: number | null) => reject(new Error(`The provider ended (${code}). ${complaints}`))
      provider.once('exit', gone)
      provider.once('message', (message) => {
        provider.off('exit', gone)
        resolve(message)
      })
    })
  await answer()
  return {
    async verify(what) {
      provider.send(what)
      const verdict = await answer()
      if (!Array.isArray(verdict)) throw new Error((verdict as { failure: string }).failure)
      return verdict as Verdict
    },
    stop: () => void provider.kill(),
  }
}

/** Starts the provider in a process apart from the tests, because Pact's verifier prints from native code and ends its process when it crashes. */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { Verdict, Verification } from './provider.ts'

/** A process that verifies a mock against a pact. */
export interface Provider {
  /** Verifies the mock. @throws when the verifier could not do its work */
  verify(verification: Verification): Promise<Verdict>
  stop(): void
}

/** Starts the process, and waits until it is ready. */
export async function startProvider(): Promise<Provider> {
  // The process has its own environment, because variables could make Pact report to Google Analytics, ask a broker or use a proxy.
  const { PATH, SystemRoot, SSL_CERT_FILE } = process.env
  const provider = fork(join(inject('library'), 'provider.js'), {
    execArgv: [],
    env: { PATH, SystemRoot, SSL_CERT_FILE, PACT_DO_NOT_TRACK: 'true' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let errorOutput = ''
  provider.stderr?.on('data', (data: Buffer) => (errorOutput += data.toString()))
  const answer = () =>
    new Promise<unknown>((resolve, reject) => {
      const onExit = (code: number | null) => reject(new Error(`The provider ended (${code}). ${errorOutput}`))
      provider.once('exit', onExit)
      provider.once('message', (message) => {
        provider.off('exit', onExit)
        resolve(message)
      })
    })
  await answer()
  return {
    async verify(verification) {
      provider.send(verification)
      const verdict = await answer()
      if (!Array.isArray(verdict)) throw new Error((verdict as { failure: string }).failure)
      return verdict as Verdict
    },
    stop: () => provider.disconnect(),
  }
}

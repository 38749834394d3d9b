/** Pact's own verifier, in a process apart: it prints from native code, and takes its process along when it crashes. */
import { EXIT, VerifyFailure } from './failure.ts'

/** What Pact found wrong with one interaction. */
export interface Mismatch {
  interaction: string
  /** Where in the body, such as `$.user.email`; undefined for the status, a header, or a state that cannot be. */
  path: string | undefined
  text: string
}

/**
 * @param gate where requests and state changes go
 * @param pact a parsed Pact file whose every state can be had: Pact asks again and again for one that cannot
 * @throws VerifyFailure when Pact is not installed, Error when it crashed
 */
export async function runPact(gate: string, pact: object): Promise<Mismatch[]> {
  const { fork } = process.getBuiltinModule('node:child_process')
  const { tmpdir } = process.getBuiltinModule('node:os')
  const { writeFileSync, mkdtempSync, rmSync } = process.getBuiltinModule('node:fs')
  const { join } = process.getBuiltinModule('node:path')
  const folder = mkdtempSync(join(tmpdir(), 'authentik-mock-'))
  const script = join(folder, 'verify.mjs')
  const file = join(folder, 'pact.json')
  writeFileSync(script, childOf(findPact()))
  writeFileSync(file, JSON.stringify(pact))
  // With an environment of its own: variables would make it report to others, ask a broker, or filter interactions.
  const { PATH, SystemRoot, HOME } = process.env
  const child = fork(script, { execArgv: [], env: { PATH, SystemRoot, HOME, PACT_DO_NOT_TRACK: 'true' }, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  try {
    return await new Promise<Mismatch[]>((resolve, reject) => {
      child.once('message', (message: { mismatches?: Mismatch[]; failure?: string }) =>
        message.mismatches ? resolve(message.mismatches) : reject(new Error(`Pact failed: ${message.failure}`)),
      )
      child.once('exit', (code, signal) => reject(new Error(`Pact's verifier ended before it was done (${signal ?? code}).`)))
      child.send({ gate, file })
    })
  } finally {
    child.removeAllListeners('exit')
    child.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

function findPact(): string {
  try {
    return import.meta.resolve('@pact-foundation/pact')
  } catch {
    throw new VerifyFailure(EXIT.usage, 'authentik-mock verify', 'Pact is not installed', 'Install it beside this package: npm i -D @pact-foundation/pact@17')
  }
}

const childOf = (pact: string) => `import pact from ${JSON.stringify(pact)}
process.once('message', async ({ gate, file }) => {
  const verifier = new pact.Verifier({ providerBaseUrl: gate, providerStatesSetupUrl: gate + '/_states', providerStatesSetupTeardown: true, pactUrls: [file], followRedirects: false, logLevel: 'error' })
  try {
    await verifier.verifyProvider()
    process.send({ mismatches: [] })
  } catch (error) {
    try {
      const { errors } = JSON.parse(error.message)
      const mismatches = errors.flatMap(({ interaction, mismatch }) => mismatch.mismatches?.map((one) => ({ interaction, path: one.type === 'BodyMismatch' ? one.path : undefined, text: one.mismatch })) ?? [{ interaction, text: String(mismatch.message) }])
      process.send({ mismatches })
    } catch {
      process.send({ failure: String(error.message ?? error) })
    }
  }
})
process.on('disconnect', () => process.exit())
`

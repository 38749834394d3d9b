/** Pact's own verifier, in a process apart: it prints from native code, and takes its process along when it crashes. */
import { EXIT, VerifyFailure } from './failure.ts'

/** What Pact made of one interaction. */
export interface Result {
  consumer: string
  description: string
  providerStates: string[]
  /** Whether its consumer has it tried for the first time, which fails nobody (Pact Broker). */
  pending: boolean
  /** What is wrong; empty when nothing is. */
  mismatches: Mismatch[]
}

/** What Pact found wrong with one interaction. */
export interface Mismatch {
  /** Where in the body, such as `$.user.email`; undefined for the status, a header, or what could not be asked. */
  path: string | undefined
  text: string
}

/** Where Pact gets its pacts from, in the words of its own options. */
export interface Source {
  pactUrls?: string[]
  pactBrokerUrl?: string
  provider?: string
  consumerVersionSelectors?: object[]
  enablePending?: boolean
  includeWipPactsSince?: string | undefined
  publishVerificationResult?: boolean
  providerVersion?: string | undefined
  providerVersionBranch?: string | undefined
  buildUrl?: string | undefined
}

export interface Pact {
  /** @throws Error when it crashed, or could not verify at all */
  verify(source: Source): Promise<Result[]>
  stop(): void
}

/**
 * @param pact where it is, by `findPact`
 * @param gate where requests and state changes go
 */
export function startPact(pact: string, gate: string): Pact {
  const { spawn } = process.getBuiltinModule('node:child_process')
  // With an environment of its own: variables would make it report to others, ask a broker, or filter interactions.
  const { PATH, SystemRoot, HOME } = process.env
  const child = spawn(process.execPath, ['--input-type=module', '--eval', CHILD, pact, gate], {
    env: { PATH, SystemRoot, HOME, PACT_DO_NOT_TRACK: 'true' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const ended = new Promise<never>((_, reject) =>
    child.once('exit', (code, signal) =>
      reject(new Error(`Pact's verifier ended before it was done (${signal ?? code}).`)),
    ),
  )
  ended.catch(() => {})
  return {
    verify(source) {
      const done = new Promise<Result[]>((resolve, reject) => {
        child.once('message', (report: string) => {
          try {
            resolve(toResults(report))
          } catch (error) {
            reject(error instanceof VerifyFailure ? error : new Error(`Pact failed: ${report}`))
          }
        })
      })
      child.send(source)
      return Promise.race([ended, done])
    },
    stop() {
      child.removeAllListeners('exit')
      child.kill()
    },
  }
}

/** @param report what Pact says of a verification, as JSON */
function toResults(report: string): Result[] {
  const { interactionResults, errors } = JSON.parse(report) as {
    errors: { mismatch?: { message?: string } }[]
    interactionResults: (Omit<Result, 'mismatches'> & {
      mismatch?: { mismatches?: { type: string; path?: string; mismatch: string }[]; message?: string }
    })[]
  }
  // What could not be read at all.
  if (interactionResults.length === 0 && errors.length)
    throw new VerifyFailure(
      EXIT.usage,
      'authentik-mock verify',
      `Pact cannot read a pact: ${errors.map(({ mismatch }) => mismatch?.message).join(' ')}`,
      "Write it anew with its consumer's test.",
    )
  return interactionResults.map(({ consumer, description, providerStates, pending, mismatch }) => ({
    consumer,
    description,
    providerStates,
    pending,
    mismatches: mismatch
      ? (mismatch.mismatches?.map(({ type, path, mismatch: text }) => ({
          path: type === 'BodyMismatch' ? path : undefined,
          text,
        })) ?? [{ path: undefined, text: String(mismatch.message) }])
      : [],
  }))
}

/** Where Pact is. @throws VerifyFailure when it is not installed */
export function findPact(): string {
  try {
    return import.meta.resolve('@pact-foundation/pact')
  } catch {
    throw new VerifyFailure(
      EXIT.usage,
      'authentik-mock verify',
      'Pact is not installed',
      'Install it beside this package: npm i -D @pact-foundation/pact@17',
    )
  }
}

/** The core alone, without the proxy that pact-js puts before it: the gate is one. */
const CHILD = `import { createRequire } from 'node:module'
const [, pact, gate] = process.argv
const { default: core } = createRequire(pact)('@pact-foundation/pact-core')
core.logLevel('error')
process.on('message', (source) =>
  core.verifyPacts({ ...source, providerBaseUrl: gate, providerStatesSetupUrl: gate + '/_states', providerStatesSetupTeardown: true, followRedirects: false, failIfNoPactsFound: false, logLevel: 'error' })
    .then(process.send.bind(process), (error) => process.send(String(error.message ?? error))))
process.on('disconnect', () => process.exit())
`

/**
 * Runs Pact's own verifier in a child process: it prints from native code, and takes its process along when it crashes.
 */
import { EXIT, VerifyFailure } from './failure.ts'
import { STATES } from './provider-proxy.ts'

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
  /** The path in the body, such as `$.user.email`; undefined for the status, a header, or what could not be asked. */
  path: string | undefined
  text: string
}

/** Where Pact gets its pacts, in the words of its own options. */
export interface PactSource {
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

/** How many interactions Pact gets at once, because the time that it takes grows with their square. */
const SLICE_SIZE = 25

/** How many verifications of Pact run side by side: each takes one core, and asks the server one thing at a time. */
export const LANES = 2

/** Cuts a list into the parts that Pact gets at once, so that no lane is idle. @returns at least one part */
export function slice<T>(list: readonly T[]): T[][] {
  const count = Math.max(1, Math.min(LANES, list.length), Math.ceil(list.length / SLICE_SIZE))
  const size = Math.ceil(list.length / count)
  return Array.from({ length: count }, (_, index) => list.slice(index * size, (index + 1) * size))
}

/** What Pact made of the pacts of a source. */
export interface Outcome {
  results: Result[]
  /** Why Pact cannot read a pact, for each that it cannot read; Pact does not say which it is. */
  unreadable: string[]
}

/** Says that Pact cannot read a pact. @param reasons as an `Outcome` has them */
export const failUnreadable = (reasons: readonly string[]) =>
  new VerifyFailure(
    EXIT.usage,
    '',
    `Pact cannot read a pact: ${reasons.join(' ')}`,
    "Write it anew with its consumer's test.",
  )

/** Pact's verifier, running. */
export interface Pact {
  /**
   * Verifies the pacts of a source, beside other sources.
   *
   * @throws Error when Pact crashed, or could not verify at all
   */
  verify(source: PactSource): Promise<Outcome>
  stop(): void
}

/**
 * Starts Pact's verifier.
 *
 * @param library the address of the library, by `findPact`
 * @param proxyUrl where requests and changes of state go
 */
export function startPact(library: string, proxyUrl: string): Pact {
  const { spawn } = process.getBuiltinModule('node:child_process')
  const { closeSync } = process.getBuiltinModule('node:fs')
  const certificate = openCertificate()
  // Other variables would make Pact report to others, ask a broker, or filter interactions.
  const { PATH, SystemRoot, HOME } = process.env
  const child = spawn(process.execPath, ['--input-type=module', '--eval', CHILD, library], {
    env: {
      PATH,
      SystemRoot,
      HOME,
      PACT_DO_NOT_TRACK: 'true',
      ...(certificate === undefined ? {} : { SSL_CERT_FILE: `${DESCRIPTORS}/3` }),
    },
    stdio: ['ignore', 'ignore', 'ignore', certificate ?? 'ignore', 'ipc'],
  })
  if (certificate !== undefined) closeSync(certificate)
  const crash = new Promise<never>((_, reject) =>
    child.once('exit', (code, signal) =>
      reject(new Error(`Pact's verifier ended before it was done (${signal ?? code}).`)),
    ),
  )
  // Nobody waits for it between two verifications, and Node would end our process over a rejection that is not handled.
  crash.catch(() => {})
  const common = {
    providerBaseUrl: proxyUrl,
    providerStatesSetupUrl: proxyUrl + STATES,
    providerStatesSetupTeardown: false,
    followRedirects: false,
    failIfNoPactsFound: false,
    logLevel: 'error',
  }
  const receivers: ((report: string) => void)[] = []
  child.on('message', ([index, report]: [index: number, report: string]) => receivers[index]?.(report))
  return {
    async verify(source) {
      const report = new Promise<string>((resolve) =>
        child.send([receivers.push(resolve) - 1, { ...source, ...common }]),
      )
      return toOutcome(await Promise.race([crash, report]))
    },
    stop() {
      child.removeAllListeners('exit')
      child.kill()
    },
  }
}

/** Where Linux shows the open files of a process. */
const DESCRIPTORS = '/proc/self/fd'

/**
 * Opens a file of one certificate, which has no name any more, so that nothing is left of it. Pact reads all certificates
 * that it trusts for each request, which takes half of its time, and trusts in vain: it asks only servers of ours, without
 * TLS.
 *
 * @returns its descriptor; undefined where the system has no such files
 */
function openCertificate(): number | undefined {
  const { existsSync, mkdtempSync, openSync, rmSync, writeSync } = process.getBuiltinModule('node:fs')
  const { tmpdir } = process.getBuiltinModule('node:os')
  const { join } = process.getBuiltinModule('node:path')
  const { rootCertificates } = process.getBuiltinModule('node:tls')
  const [certificate] = rootCertificates
  if (certificate === undefined || !existsSync(DESCRIPTORS)) return undefined
  try {
    const folder = mkdtempSync(join(tmpdir(), 'authentik-mock-'))
    const descriptor = openSync(join(folder, 'certificate.pem'), 'w+')
    rmSync(folder, { recursive: true })
    writeSync(descriptor, certificate)
    return descriptor
  } catch {
    return undefined
  }
}

/** What Pact says of a verification. */
interface Report {
  errors: { mismatch?: { message?: string } }[]
  interactionResults: (Omit<Result, 'mismatches'> & {
    mismatch?: { mismatches?: { type: string; path?: string; mismatch: string }[]; message?: string }
  })[]
}

/** Reads what Pact says of a verification, which is JSON. */
function toOutcome(report: string): Outcome {
  const { interactionResults, errors } = parseReport(report)
  return {
    results: interactionResults.map(({ consumer, description, providerStates, pending, mismatch }) => ({
      consumer,
      description,
      providerStates,
      pending,
      mismatches: mismatch ? toMismatches(mismatch) : [],
    })),
    // The errors of interactions are here too, which their results have.
    unreadable: errors.flatMap(({ mismatch }) => {
      const message = String(mismatch?.message)
      const isOfPact = interactionResults.length === 0 || message.startsWith(UNREADABLE)
      return isOfPact ? [message.replace(/^Failed to load pact from '[^']*': /, '')] : []
    }),
  }
}

/** How Pact begins to say that it cannot read a pact; an address of ours follows, which tells nobody anything. */
const UNREADABLE = 'Failed to load pact'

function parseReport(report: string): Report {
  try {
    return JSON.parse(report)
  } catch {
    throw new Error(`Pact failed: ${report}`)
  }
}

const toMismatches = ({
  mismatches,
  message,
}: NonNullable<Report['interactionResults'][number]['mismatch']>): Mismatch[] =>
  mismatches?.map(({ type, path, mismatch: text }) => ({ path: type === 'BodyMismatch' ? path : undefined, text })) ?? [
    { path: undefined, text: String(message) },
  ]

/** Finds Pact's library. @returns its address @throws VerifyFailure when it is not installed */
export function findPact(): string {
  try {
    return import.meta.resolve('@pact-foundation/pact')
  } catch {
    throw new VerifyFailure(
      EXIT.usage,
      '',
      'Pact is not installed',
      'Install it beside this package: npm i -D @pact-foundation/pact@17',
    )
  }
}

/**
 * The child process runs Pact's core alone, without the proxy that pact-js puts before it, because our own proxy takes its
 * place.
 */
const CHILD = `import { createRequire } from 'node:module'
const [, library] = process.argv
const { default: core } = createRequire(library)('@pact-foundation/pact-core')
core.logLevel('error')
process.on('message', ([index, options]) => {
  const report = (text) => process.send([index, text])
  core.verifyPacts(options).then(report, (error) => report(String(error.message ?? error)))
})
process.on('disconnect', () => process.exit())
`

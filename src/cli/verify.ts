/** `authentik-mock verify`: whether a running authentik answers as it is documented. */
import { X509Certificate } from 'node:crypto'
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findRelease } from '../authentik/releases/index.ts'
import { parseJson } from '../contract/verify/exchange.ts'
import { EXIT, VerifyFailure } from '../contract/verify/failure.ts'
import { toPactFile, type PactFile } from '../contract/verify/pact-file.ts'
import { redactor, shortened } from '../contract/verify/redact.ts'
import { toReport } from '../contract/verify/report.ts'
import { exitOf, verify as run } from '../contract/verify/run.ts'
import { readAuthentik } from './address.ts'
import { brokerOptions, toBroker } from './broker.ts'
import { command, Failure } from './command.ts'
import { readText } from './files.ts'
import { startProgress } from './progress.ts'
import { choice, text, texts, UsageError, type Option } from './options.ts'

type Reporter = keyof typeof toReport

/** What a report is called in the folder of --output. */
const FILES: Record<Reporter, string> = {
  text: 'verify.txt',
  json: 'verify.json',
  junit: 'verify.xml',
  github: 'verify.github.txt',
  markdown: 'verify.md',
}

/** Reporters, with commas between. */
const reporters: Option<Reporter[]> = {
  value: 'text,json,...',
  help: 'how to report (text): text, json, junit, github, markdown; several with --output',
  read(given) {
    const names = Object.keys(FILES) as Reporter[]
    return [...new Set(given.split(','))].map((one) => {
      const found = names.find((name) => name === one.trim())
      if (!found) throw new Error(`Give one of ${names.join(', ')}, or some with commas between.`)
      return found
    })
  },
}

export const verify = command({
  name: 'verify',
  summary: 'tell whether a running authentik answers as documented; reads, and never writes',
  options: {
    'provider-url': text('where the authentik stands', 'URL'),
    'token-file': text('a file with an API token of a superuser; or AUTHENTIK_TOKEN', 'FILE'),
    'second-token-file': text("a file with an ordinary user's token, for the checks that take two", 'FILE'),
    pact: texts('a Pact file, or a folder of them, beside the contract that is shipped', 'FILE|DIR'),
    'provider-name': text('what authentik is called in folders of pacts, and at a broker (authentik)', 'NAME'),
    release: text('which release it should be (what the server says)', 'VERSION|auto'),
    'fail-on': choice('exit with 6 also on what is known, or on anything that does not conform (new)', [
      'new',
      'known',
      'any',
    ]),
    reporter: reporters,
    output: text('a folder to write a file into for each reporter, instead of printing', 'DIR'),
    ca: text('certificates to trust, in PEM', 'FILE'),
    ...brokerOptions,
  },
  async run(values, { print, warn, env, bold, status }) {
    const given = values['provider-url']
    if (given === undefined)
      throw new UsageError('--provider-url is missing. Write: authentik-mock verify --provider-url URL')
    const token =
      values['token-file'] === undefined
        ? checkToken('AUTHENTIK_TOKEN', env.AUTHENTIK_TOKEN || undefined)
        : readToken('--token-file', values['token-file'])
    const second =
      values['second-token-file'] === undefined
        ? undefined
        : readToken('--second-token-file', values['second-token-file'])
    const ca = values.ca === undefined ? undefined : readCertificates(values.ca)
    const { reporter = ['text'], output } = values
    if (output === undefined && reporter.length > 1)
      throw new UsageError('--reporter: only one report can be printed. Give a folder for several: --output DIR')
    const name = values['provider-name'] ?? 'authentik'
    const broker = toBroker(values, name, env, ca)
    if (output !== undefined) makeFolder(output)
    const redact = redactor([token, second, env.PACT_BROKER_TOKEN, env.PACT_BROKER_PASSWORD])
    const progress = startProgress(status)
    try {
      const found = await run({
        target: { base: readAuthentik(given), token, ca },
        release: toRelease(values.release),
        pacts: [
          { content: await readShipped(), isShipped: true },
          ...(values.pact ?? [])
            .flatMap((path) => readPacts(path, name))
            .map((content) => ({ content, isShipped: false })),
        ],
        second,
        broker,
        progress: progress.step,
      }).finally(progress.done)
      const verification = JSON.parse(JSON.stringify(found), (_key, value: unknown) =>
        typeof value === 'string' ? shortened(redact(value), 1000) : value,
      ) as typeof found
      if (output === undefined) print(toReport[reporter[0]!](verification, bold))
      else for (const one of reporter) writeReport(join(output, FILES[one]), toReport[one](verification, String))
      const code = exitOf(verification, values['fail-on'] ?? 'new')
      if (code === EXIT.nothing)
        warn(
          `${verification.provider.base}: has no authorization code to verify with. Log in to an application, and verify before its code expires.`,
        )
      for (const { consumer, because } of verification.publications)
        if (because !== undefined) warn(`the result for ${consumer} is not published: ${because}`)
      return code
    } catch (error) {
      if (error instanceof VerifyFailure) {
        const [address, cause, remedy] = error.parts.map(redact)
        throw new Failure(error.code, `${address}: ${shortened(cause!, 300)}. ${remedy}`)
      }
      if (error instanceof Error && error.stack) error.stack = redact(error.stack)
      throw error
    }
  },
})

const readShipped = async () =>
  toPactFile((await import('../../pacts/goauthentik-api-authentik.json', { with: { type: 'json' } })).default)!

function toRelease(given: string | undefined): string | undefined {
  if (given === undefined || given === 'auto') return undefined
  try {
    return findRelease(given).version
  } catch (error) {
    throw new UsageError(`--release: ${(error as Error).message}`)
  }
}

const readToken = (option: string, path: string) => checkToken(`${option} ${path}`, readText(option, path).trim())

/** @throws UsageError, which does not show it, for what cannot be sent */
function checkToken<T extends string | undefined>(from: string, token: T): T {
  if (token === '') throw new UsageError(`${from} is empty. Give the key of an API token.`)
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new UsageError(`${from} holds what no header can carry. Give the key of an API token, and nothing else.`)
  return token
}

function readCertificates(path: string): string {
  const pem = readText('--ca', path)
  try {
    void new X509Certificate(pem)
  } catch {
    throw new UsageError(`--ca ${path} holds no certificate. Give one in PEM.`)
  }
  return pem
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    throw new UsageError(`--output ${path} cannot be made (${(error as NodeJS.ErrnoException).code}). Give a folder.`)
  }
}

function writeReport(path: string, report: string): void {
  try {
    writeFileSync(path, report)
  } catch (error) {
    throw new UsageError(
      `--output: ${path} cannot be written (${(error as NodeJS.ErrnoException).code}). Give a folder that can be written to.`,
    )
  }
}

/** A file, or those in a folder that are with one provider. */
function readPacts(path: string, provider: string): PactFile[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [checkPact(path, readJson(path))]
  const files = readdirSync(path).filter((name) => name.endsWith('.json'))
  const contents = files.map((name) => [join(path, name), readJson(join(path, name))] as const)
  const found = contents.filter(
    ([, content]) => (content as { provider?: { name?: unknown } } | null | undefined)?.provider?.name === provider,
  )
  if (found.length === 0)
    throw new UsageError(
      `--pact ${path} holds no pact with a provider called "${provider}". Give another folder, or what it is called there: --provider-name NAME`,
    )
  return found.map(([file, content]) => checkPact(file, content))
}

/** @returns undefined for what is no JSON */
const readJson = (path: string) => parseJson(readText('--pact', path))

function checkPact(file: string, content: unknown): PactFile {
  const pact = toPactFile(content)
  if (!pact) throw new UsageError(`--pact ${file} is no Pact file. Give one that a consumer's test wrote.`)
  return pact
}

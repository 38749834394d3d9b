/** `authentik-mock verify` tells whether a running authentik answers as it is documented. */
import { join } from 'node:path'
import { showControls } from '../contract/printable.ts'
import { findRelease } from '../authentik/releases/index.ts'
import { EXIT, VerifyFailure } from '../contract/verify/failure.ts'
import { shippedPact } from '../contract/pact/shipped.ts'
import { parseJson, readKey } from '../schema/json.ts'
import { toPactFile, type PactFile } from '../contract/verify/pact-file.ts'
import { createRedact, shorten } from '../contract/verify/redact.ts'
import { toAnnotation, toReport } from '../contract/verify/report.ts'
import { exitOf, verify as runVerification, type Verification, type VerifyOptions } from '../contract/verify/run.ts'
import { readAuthentik } from './address.ts'
import { brokerOptions, toBroker } from './broker.ts'
import { credentialOptions, readCredentials } from './certificates.ts'
import { command, Failure, type Terminal } from './command.ts'
import { choice, messageOf, text, texts, UsageError, type Option, type Values } from './options.ts'
import { openFolder, writeWhole } from './output-folder.ts'
import { isFolder, readPactTexts } from './pact-files.ts'
import { startProgress } from './progress.ts'
import { readTokenFile, toToken } from './token.ts'

type Reporter = keyof typeof toReport

/** The names of the reports in the folder of --output. */
const FILE_NAMES: Record<Reporter, string> = {
  text: 'verify.txt',
  json: 'verify.json',
  junit: 'verify.xml',
  github: 'verify.github.txt',
  markdown: 'verify.md',
}

const isReporter = (name: string): name is Reporter => Object.hasOwn(FILE_NAMES, name)

/** An option whose value is some reporters, with commas between. */
const reporters: Option<Reporter[]> = {
  value: 'text,json,...',
  help: 'how to report (text): text, json, junit, github, markdown; several with --output',
  read: (list) =>
    [...new Set(list.split(','))].map((entry) => {
      const name = entry.trim()
      if (!isReporter(name))
        throw new Error(`Give one of ${Object.keys(FILE_NAMES).join(', ')}, or some with commas between.`)
      return name
    }),
}

const options = {
  'provider-url': { ...text('where the authentik stands', 'URL'), looksLike: /^https?:/i },
  'token-file': text('a file with an API token of a superuser; or AUTHENTIK_TOKEN', 'FILE'),
  'second-token-file': text("a file with an ordinary user's token, for the checks that take two", 'FILE'),
  pact: {
    ...texts('a Pact file, or a folder of them, beside the contract that is shipped', 'FILE|DIR'),
    looksLike: /\.json$/i,
  },
  'provider-name': text('what authentik is called in folders of pacts, and at a broker (authentik)', 'NAME'),
  release: text('which release it should be (what the server says)', 'VERSION|auto'),
  'fail-on': choice('exit with 6 also on what is known, or on anything that does not conform (new)', [
    'new',
    'known',
    'any',
  ]),
  reporter: reporters,
  output: text('a folder to write a file into for each reporter, instead of printing', 'DIR'),
  ...credentialOptions,
  ...brokerOptions,
}

/** The command `verify`. */
export const verify = command({
  name: 'verify',
  summary: 'tell whether a running authentik answers as documented; reads, and never writes',
  options,
  async run(values, terminal) {
    const { env, status, warn } = terminal
    const settings = await readSettings(values, env, warn)
    const { target, second } = settings
    const redact = createRedact([target.token, second, env.PACT_BROKER_TOKEN, env.PACT_BROKER_PASSWORD])
    const progress = startProgress(status)
    try {
      const outcome = await runVerification({ ...settings, progress: progress.show }).finally(progress.clear)
      // The exit is decided before anything is hidden: a token may be a word of ours, such as "drift".
      const code = exitOf(outcome, values['fail-on'] ?? 'new')
      const verification = redactAll(outcome, redact)
      writeReports(verification, values, terminal)
      if (code === EXIT.nothing)
        warn(
          `${verification.provider.base}: has no authorization code to verify with. Log in to an application, and verify before its code expires.`,
        )
      for (const { consumer, because } of verification.publications)
        if (because !== undefined) warn(showControls(`the result for ${consumer} is not published: ${because}`))
      return code
    } catch (error) {
      if (error instanceof VerifyFailure) {
        const [address, cause, remedy] = error.parts
        const show = (part: string) => showControls(shorten(redact(part), 300))
        const message = `${address && `${show(address)}: `}${show(cause)}. ${show(remedy)}`
        if (values.reporter?.includes('github')) write('github', toAnnotation(message), values, terminal)
        throw new Failure(error.code, message)
      }
      if (error instanceof Error && error.stack) error.stack = redact(error.stack)
      throw error
    }
  },
})

/** Reads everything that the options name. @throws UsageError before anything is sent */
async function readSettings(
  values: Values<typeof options>,
  env: Terminal['env'],
  warn: Terminal['warn'],
): Promise<VerifyOptions> {
  const { pact: pactPaths = [], reporter: names = [], output } = values
  const url = values['provider-url']
  if (url === undefined)
    throw new UsageError('--provider-url is missing. Write: authentik-mock verify --provider-url URL')
  const token =
    readTokenFile('--token-file', values['token-file'], warn) ?? toToken('AUTHENTIK_TOKEN', env.AUTHENTIK_TOKEN)
  const second = readTokenFile('--second-token-file', values['second-token-file'], warn)
  const client = { ...readCredentials(values), env }
  if (output === undefined && names.length > 1)
    throw new UsageError('--reporter: only one report can be printed. Give a folder for several: --output DIR')
  const providerName = values['provider-name'] ?? 'authentik'
  const broker = toBroker(values, providerName, env, client)
  if (output !== undefined) openFolder(output)
  return {
    target: { base: readAuthentik(url), token, client },
    release: readRelease(values.release),
    pacts: [
      { content: writeShippedPact, isShipped: true },
      ...pactPaths.flatMap((path) => readPacts(path, providerName)).map((content) => ({ content, isShipped: false })),
    ],
    second,
    broker,
  }
}

/** What a report says in words of ours alone, which may look like a secret and are none. */
const OUR_WORDS: ReadonlySet<string> = new Set(['verdict', 'operation', 'deviation', 'outcome'])

/** Takes the secrets out of every text of a verification, and shortens it. */
const redactAll = (verification: Verification, redact: (text: string) => string): Verification =>
  JSON.parse(JSON.stringify(verification), (key, value: unknown) =>
    typeof value === 'string' && !OUR_WORDS.has(key) ? shorten(redact(value), 1000) : value,
  )

/** Prints a report, or writes a file for each reporter. */
function writeReports(verification: Verification, values: Values<typeof options>, terminal: Terminal): void {
  const bold = values.output === undefined ? terminal.bold : String
  for (const name of values.reporter ?? ['text']) write(name, toReport[name](verification, bold), values, terminal)
}

function write(name: Reporter, report: string, { output }: Values<typeof options>, { print }: Terminal): void {
  if (output === undefined) print(report)
  else writeWhole(join(output, FILE_NAMES[name]), report)
}

/** Writes the contract that is shipped for a release. */
function writeShippedPact(release: string): PactFile {
  const pact = toPactFile(shippedPact(release))
  if (!pact) throw new Error('The contract that is shipped is no Pact file.')
  return pact
}

function readRelease(version: string | undefined): string | undefined {
  if (version === undefined || version === 'auto') return undefined
  try {
    return findRelease(version).version
  } catch (error) {
    throw new UsageError(`--release: ${messageOf(error)}`)
  }
}

/** Reads a Pact file, or those files of a folder that are with one provider. */
function readPacts(path: string, provider: string): PactFile[] {
  const pacts = readPactTexts(path).map(({ file, content }) => ({ file, content: parseJson(content) }))
  const chosen = isFolder(path)
    ? pacts.filter(({ content }) => readKey(readKey(content, 'provider'), 'name') === provider)
    : pacts
  if (chosen.length === 0)
    throw new UsageError(
      `--pact ${path} holds no pact with a provider called "${provider}". Give another folder, or what it is called there: --provider-name NAME`,
    )
  return chosen.map(({ file, content }) => checkPact(file, content))
}

function checkPact(file: string, content: unknown): PactFile {
  const pact = toPactFile(content)
  if (!pact) throw new UsageError(`--pact ${file} is no Pact file. Give one that a consumer's test wrote.`)
  return pact
}

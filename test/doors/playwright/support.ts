/** Runs Playwright's own runner on the tests of a folder, and reads its report. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '../../support/chromium.ts'
import { inRoot } from '../../support/files.ts'
import { findPort } from '../../support/ports.ts'

/** How long a run may take, which starts a browser in each worker, in milliseconds. */
export const PATIENCE = 600_000

/** What a test came to. */
export interface Result {
  /** `expected`, `unexpected`, or `flaky` where it passed when it was tried again. */
  status: string
  error: string
  attachments: { name: string; contentType: string; text: string }[]
}

/** A part of Playwright's report in JSON. */
interface Suite {
  suites?: Suite[]
  specs: { title: string; tests: ReportedTest[] }[]
}

interface ReportedTest {
  status: string
  results: { errors: { message?: string }[]; attachments: { name: string; contentType: string; body?: string }[] }[]
}

/** Runs the tests of a folder. @returns what each came to, by its title */
export async function runTests(
  environment: Record<string, string>,
  ...filters: string[]
): Promise<Map<string, Result>> {
  const folder = mkdtempSync(join(tmpdir(), 'authentik-mock-playwright-'))
  const report = join(folder, 'report.json')
  const node = `"${process.execPath}" --experimental-strip-types --disable-warning=ExperimentalWarning`
  const { NODE_OPTIONS: _, ...inherited } = process.env
  const env = {
    ...inherited,
    LAUNCH: JSON.stringify(await chromium()),
    APP_PORT: String(await findPort()),
    OUTPUT: join(folder, 'results'),
    COMMAND: `${node} "${inRoot('src/entries/cli.ts')}"`,
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    ...environment,
  }
  const config = inRoot('test/doors/playwright/project/playwright.config.ts')
  const args = [inRoot('node_modules/@playwright/test/cli.js'), 'test', '-c', config, '--reporter=json', ...filters]
  try {
    const output = await new Promise<string>((resolve) => {
      execFile(process.execPath, args, { env, maxBuffer: 2 ** 28 }, (_error, stdout, stderr) =>
        resolve(stdout + stderr),
      )
    })
    const { suites, errors } = JSON.parse(readFileSync(report, 'utf8')) as { suites: Suite[]; errors: unknown[] }
    if (errors.length > 0) throw new Error(`Failed to run Playwright: ${JSON.stringify(errors)}\n${output}`)
    return new Map(suites.flatMap(resultsOf))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const resultsOf = ({ suites = [], specs }: Suite): [string, Result][] => [
  ...specs.flatMap(({ title, tests }) => tests.map((test): [string, Result] => [title, toResult(test)])),
  ...suites.flatMap(resultsOf),
]

function toResult({ status, results }: ReportedTest): Result {
  const errors = results.flatMap((result) => result.errors.map(({ message = '' }) => message))
  const attachments = (results.at(-1)?.attachments ?? []).map(({ name, contentType, body = '' }) => ({
    name,
    contentType,
    text: Buffer.from(body, 'base64').toString(),
  }))
  return {
    status,
    error: errors.join('\n'),
    attachments: attachments.filter(({ name }) => name.startsWith('authentik')),
  }
}

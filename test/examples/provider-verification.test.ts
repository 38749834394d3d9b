/** The steps of the job in examples/provider-verification pass against the mock, in place of an authentik in a container. */
import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { parse } from 'yaml'
import { serve } from '../../src/http/node/server.ts'
import { mock } from '../../src/mock/mock.ts'
import type { MockOptions } from '../../src/mock/options.ts'
import { readText } from '../support/files.ts'
import { isWhole } from '../support/tier.ts'

interface Step {
  name?: string
  run?: string
  if?: string
}

const { services, strategy, env, steps } = parse(readText('examples/provider-verification/verify.yml')).jobs.verify as {
  services: object
  strategy: { matrix: { authentik: string[] } }
  env: Record<string, string>
  steps: Step[]
}
const scripts = steps.flatMap(({ run, ...step }) => (run === undefined ? [] : { ...step, run }))
const dockerSteps = scripts.filter(({ run }) => run.includes('docker'))
const testedSteps = scripts.filter(({ run }) => !run.includes('docker') && run !== 'npm ci')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'authentik-mock-'))
  // The folder is as `npm ci` leaves a repository that depends on authentik-mock, and it has a pact.
  const bin = join(folder, 'node_modules', '.bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{}')
  writeFileSync(join(bin, 'authentik-mock'), `#!/bin/sh\nexec '${process.execPath}' '${inject('command')}' "$@"\n`)
  chmodSync(join(bin, 'authentik-mock'), 0o755)
  mkdirSync(join(folder, 'pacts'))
  writeFileSync(join(folder, 'pacts', 'page-authentik.json'), JSON.stringify(pact))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The pact of a consumer, which uses only what every release has. */
const pact = {
  consumer: { name: 'page' },
  provider: { name: 'authentik' },
  interactions: [
    {
      description: 'a request of the page',
      providerStates: [{ name: 'an authorization code exists', params: { id: 1, expiry: 'live' } }],
      request: {
        method: 'GET',
        path: '/api/v3/oauth2/authorization_codes/1/',
        headers: { Authorization: 'Bearer any' },
      },
      response: {
        status: 200,
        body: { is_expired: false, user: { username: 'mary' } },
        matchingRules: { body: { '$.user.username': { matchers: [{ match: 'type' }] } } },
      },
    },
  ],
  metadata: { pactSpecification: { version: '3.0.0' } },
}

/** Runs the steps as a runner does: each step in a new shell, and after a failure only the steps that always run. */
async function runJob(release: string, options: MockOptions = {}) {
  const fill = (text: string) =>
    text.replace(/\$\{\{ ([\w.]+) \}\}/g, (_, name: string) => {
      const context: Record<string, string> = { 'matrix.authentik': release, 'github.run_id': '4711' }
      if (context[name] === undefined) throw new Error(`${name} has no value in this test`)
      return context[name]
    })
  const token = fill(env['AUTHENTIK_TOKEN'] ?? '')
  const server = await serve(mock({ token, release, ...options }), { port: 0 })
  const summary = join(folder, 'summary.md')
  writeFileSync(summary, '')
  let [printed, code] = ['', 0]
  for (const step of testedSteps) {
    if (code !== 0 && step.if !== 'always()') continue
    const result = await promisify(execFile)(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', '-c', fill(step.run)],
      {
        cwd: folder,
        env: {
          ...process.env,
          PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
          AUTHENTIK_URL: server.url,
          AUTHENTIK_TOKEN: token,
          GITHUB_STEP_SUMMARY: summary,
        },
      },
    ).then(
      (output) => ({ code: 0, ...output }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    )
    printed += result.stdout + result.stderr
    code ||= result.code
  }
  await server.close()
  return {
    code,
    printed,
    summary: readFileSync(summary, 'utf8'),
    junit: readFileSync(join(folder, 'report', 'verify.xml'), 'utf8'),
  }
}

describe('the job of examples/provider-verification', () => {
  it('starts authentik with Docker in two steps, which this test leaves out; it runs the other three', () => {
    expect(dockerSteps.map(({ name }) => name)).toEqual(['Start authentik', 'Make authorization codes'])
    expect(testedSteps.map(({ name }) => name)).toEqual(['Wait until it takes the token', 'Verify', 'Report'])
    expect(Object.keys(services)).toEqual(['postgresql', 'redis'])
  })

  it.each(isWhole ? strategy.matrix.authentik : strategy.matrix.authentik.slice(-1))(
    'passes for %s, and writes annotations, a summary and a JUnit file',
    async (release) => {
      const { code, printed, summary, junit } = await runJob(release)
      expect(printed).toContain(`authentik ${release} (as asked for)`)
      expect([code, /::error/.test(printed), printed.match(/::notice::\d+ conforms/g)?.length]).toEqual([0, false, 1])
      expect(summary).toContain('| conforms | a request of the page &#40;of page&#41; |')
      expect(junit).toContain('failures="0"')
    },
  )

  it('fails, and still reports, when authentik is of another release than the job names', async () => {
    const { code, printed, summary } = await runJob('2024.8.3', { release: '2026.8.3' })
    expect([
      code,
      printed.includes(
        '::error title=a request for an authorization code that is live::$.provider.assigned_backchannel_application_name',
      ),
    ]).toEqual([1, true])
    expect(summary).toContain('| new drift |')
  })
})

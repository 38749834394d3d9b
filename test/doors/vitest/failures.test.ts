/** What a test of `authentik-mock/vitest` says when it fails: a Vitest of its own runs tests that have to. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, inject, it } from 'vitest'
import { inRoot } from '../../support/files.ts'

/** What Vitest reports of a file. */
interface FileReport {
  name: string
  status: string
  message: string
  assertionResults: { title: string; status: string; failureMessages: string[] }[]
}

let files: FileReport[]
let exitCode: number
const fileOf = (name: string) => files.find((file) => file.name.endsWith(`/${name}.ts`))
const testOf = (file: string, title: string) => fileOf(file)?.assertionResults.find((test) => test.title === title)

beforeAll(async () => {
  const folder = inRoot('test/support/vitest-door')
  const report = join(mkdtempSync(join(tmpdir(), 'authentik-mock-')), 'report.json')
  const { VITEST: _, VITEST_WORKER_ID: __, ...env } = process.env
  const command = [inRoot('node_modules/vitest/vitest.mjs'), 'run', '--root', folder]
  const run = promisify(execFile)(process.execPath, [...command, '--reporter', 'json', '--outputFile', report], {
    env: { ...env, LIBRARY: inject('library') },
  })
  exitCode = await run.then(
    () => 0,
    (error: { code: number }) => error.code,
  )
  files = JSON.parse(readFileSync(report, 'utf8')).testResults
  rmSync(dirname(report), { recursive: true })
})

it('a test that asks for what nobody has fails, and names the request and what is nearest', () => {
  const test = testOf('unanswered.case', 'asks for what nobody has')
  expect([exitCode, test?.status]).toEqual([1, 'failed'])
  expect(test?.failureMessages.join('\n')).toContain(
    `Failed to answer what a test asked:
  GET /api/v3/core/userz/?search=mary (501). Nearest in the mock: GET /core/users/ (core_users_list)
Correct the request, or say { unhandled: '501' }, with which the test goes on. A request for which a test before did not wait counts here too.`,
  )
})

it('that is the first that is said, before what the test made of it', () => {
  const messages = testOf('unanswered.case', 'fails by itself')?.failureMessages
  expect(messages?.map((message) => message.split('\n')[0])).toEqual([
    'Error: Failed to answer what a test asked:',
    expect.stringMatching(/^TypeError: .*fetch/i),
  ])
})

it('what a test did not await fails the next, and the message says that this may be', () => {
  expect(testOf('unanswered.case', 'does not await what it asks')?.status).toBe('passed')
  const messages = testOf('unanswered.case', 'comes after it')?.failureMessages.join('\n')
  expect(messages).toContain('GET /api/v3/core/forgotten/')
  expect(messages).toContain('A request for which a test before did not wait counts here too.')
})

it('a test that asks for what authentik has and the mock has not fails too', () => {
  const test = testOf('unanswered.case', 'asks for what the mock has not')
  expect(test?.failureMessages.join('\n')).toContain('GET /api/v3/managed/blueprints/ (501)')
})

it('a test that forgets the final slash of a path fails, and is told to add it', () => {
  const test = testOf('unanswered.case', 'forgets the final slash')
  expect(test?.failureMessages.join('\n')).toContain(
    'GET /api/v3/core/users/1 (404): add the slash, /api/v3/core/users/1/',
  )
})

it('a test that clears the journal fails all the same', () => {
  expect(testOf('unanswered.case', 'clears the journal of what it asked')?.status).toBe('failed')
})

it('the next test has nothing of it', () => {
  expect(testOf('unanswered.case', 'asks for what is there')?.status).toBe('passed')
})

it("with unhandled: '501' the test goes on", () => {
  expect(testOf('lenient.case', 'is answered with 501')?.status).toBe('passed')
})

it('two mocks for the same tests are refused, and the files beside them go on', () => {
  const file = fileOf('twice.case')
  expect([file?.status, file?.message]).toEqual([
    'failed',
    expect.stringContaining('Failed to set up the mock: another listens already'),
  ])
})

it.each(['a hook sets up a mock', 'a test sets up a mock', 'a test sets up a mock that cannot be'])(
  'where %s it is refused, and is told where to',
  (title) => {
    const test = testOf('late.case', title)
    expect([test?.status, test?.failureMessages[0]]).toEqual([
      'failed',
      expect.stringContaining('Call setupAuthentikMock() at the top level of the file, or in describe().'),
    ])
  },
)

it('in beforeAll and afterAll of a describe too', () => {
  const file = fileOf('late.case')
  expect(file?.assertionResults.map(({ title, status }) => `${title}: ${status}`)).toEqual([
    'is not run: skipped',
    'a hook sets up a mock: failed',
    'is not yet over: passed',
    'afterAll was refused a mock: passed',
    'a test sets up a mock: failed',
    'a test sets up a mock that cannot be: failed',
  ])
})

it('a mock of a file of setupFiles is for every file of tests', () => {
  expect(fileOf('first.shared')?.status).toBe('passed')
  expect(fileOf('second.shared')?.status).toBe('passed')
})

it('a matcher that fails says what was asked instead', () => {
  const messages = testOf('wrong.case', 'says what was asked instead')?.failureMessages.join('\n')
  expect(messages).toContain('GET /api/v3/core/users/1/ (core_users_retrieve, 200, akadmin): params.id is "1"')
})

/** The entry of `webServer` that starts the server of a run. */
import { execFileSync } from 'node:child_process'
import { afterEach, expect, it, vi } from 'vitest'
import { authentikWebServer } from '../../../src/entries/playwright.ts'

const URL_NAME = 'AUTHENTIK_MOCK_URL'
const TOKEN_NAME = 'AUTHENTIK_MOCK_CONTROL_TOKEN'
afterEach(() => void vi.unstubAllEnvs())

it('serves on a port, and tells the workers where, with a token that nobody guesses', () => {
  vi.stubEnv(URL_NAME, '')
  vi.stubEnv(TOKEN_NAME, '')
  const { command, url, env } = authentikWebServer({ port: 9001, cors: ['http://localhost:5173'] })
  expect(command).toBe('npx authentik-mock serve --port 9001 --cors http://localhost:5173')
  expect(url).toBe('http://localhost:9001/-/health/live/')
  expect(process.env[URL_NAME]).toBe('http://localhost:9001')
  expect(process.env[TOKEN_NAME]).toMatch(/^[\da-f-]{36}$/)
  expect(env).toEqual({ [TOKEN_NAME]: process.env[TOKEN_NAME] })
})

it('keeps a token that is there, as in each worker, which reads the configuration anew', () => {
  vi.stubEnv(URL_NAME, '')
  vi.stubEnv(TOKEN_NAME, 'kept')
  expect(authentikWebServer().env).toEqual({ [TOKEN_NAME]: 'kept' })
  expect(process.env[TOKEN_NAME]).toBe('kept')
})

it('has a base path, and arguments with spaces reach the command whole', () => {
  vi.stubEnv(URL_NAME, '')
  const echo = `"${process.execPath}" -p "JSON.stringify(process.argv.slice(1))" --`
  const options = { basePath: '/auth/', args: ['--world', 'my "first" world.json'], command: echo }
  const { command, url } = authentikWebServer(options)
  expect(url).toBe('http://localhost:9000/auth/-/health/live/')
  expect(process.env[URL_NAME]).toBe('http://localhost:9000/auth')
  const words = ['serve', '--port', '9000', '--base-path', '/auth/', '--world', 'my "first" world.json']
  expect(JSON.parse(execFileSync(command, { shell: true, encoding: 'utf8' }))).toEqual(words)
})

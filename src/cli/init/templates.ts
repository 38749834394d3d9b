/** The texts of the files that `authentik-mock init` writes. */

/** What a template depends on. */
export interface TemplateOptions {
  /** The release of the mock. */
  release: string
  /** Whether a file is in TypeScript. */
  isTypeScript: boolean
  /** Whether a file may have `import`; else it has `require`. */
  hasImports: boolean
  /** Whether the installed MSW is 2, whose option has another name. */
  isMsw2: boolean
}

/** A first test with Vitest. */
export const vitestTest = ({ release }: TemplateOptions) => `import { setupAuthentikMock } from 'authentik-mock/vitest'
import { expect, test } from 'vitest'

const authentik = setupAuthentikMock({ release: '${release}', token: 'my-token' })

test('a code is read, and nothing is written', async () => {
  const headers = { Authorization: 'Bearer my-token' }
  const answer = await fetch('https://authentik.company/api/v3/oauth2/authorization_codes/1/', { headers })
  expect(await answer.json()).toMatchComponent('ExpiringBaseGrantModel')
  expect(authentik).toHaveBeenAsked('oauth2_authorization_codes_retrieve')
  expect(authentik).toHaveNoWrites()
})
`

/** A first test with Playwright. */
export const playwrightTest = ({ release }: TemplateOptions) => `import { expect } from '@playwright/test'
import { test } from 'authentik-mock/playwright'

test.use({ authentikOptions: { release: '${release}' } })

test('akadmin is logged in', async ({ page, authentik, loginAs }) => {
  await loginAs(page, 'akadmin')
  await page.goto(\`\${authentik.url}/api/v3/core/users/me/\`)
  await expect(page.locator('body')).toContainText('akadmin')
})
`

/** A first test with Jest. */
export function jestTest({ release, isTypeScript, hasImports }: TemplateOptions): string {
  const globals = ['afterEach', 'beforeAll', 'expect', 'test']
  const imports = [
    ...(isTypeScript || hasImports ? [toImport(globals, '@jest/globals', hasImports)] : []),
    toImport(['mock'], 'authentik-mock', hasImports),
  ]
  return `/** @jest-environment node */
${imports.join('\n')}

const authentik = mock({ release: '${release}', token: 'my-token' })
const headers = { Authorization: 'Bearer my-token' }

beforeAll(() => {
  globalThis.fetch = authentik.fetch // what your code fetches, the mock answers
})
afterEach(() => authentik.reset())

test('a code is deleted', async () => {
  const url = 'https://authentik.company/api/v3/oauth2/authorization_codes/1/'
  expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(204)
  expect(authentik.world.authorization_codes.has(1)).toBe(false)
})
`
}

/** A first test with the runner of Node. */
export const nodeTest = ({ release, hasImports }: TemplateOptions) => `${[
  hasImports ? `import assert from 'node:assert/strict'` : `const assert = require('node:assert/strict')`,
  toImport(['afterEach', 'test'], 'node:test', hasImports),
  toImport(['mock'], 'authentik-mock', hasImports),
].join('\n')}

const authentik = mock({ release: '${release}', token: 'my-token' })
globalThis.fetch = authentik.fetch // what your code fetches, the mock answers
afterEach(() => authentik.reset())

test('a code belongs to its user', async () => {
  const headers = { Authorization: 'Bearer my-token' }
  const answer = await fetch('https://authentik.company/api/v3/oauth2/authorization_codes/1/', { headers })
  assert.equal((await answer.json()).user.pk, 2)
})
`

/** What starts the mock in a page, behind the service worker of MSW. */
export const pageMock = ({ release, isMsw2 }: TemplateOptions) => `import { mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { setupWorker } from 'msw/browser'

export const authentik = mock({ release: '${release}', token: 'my-token' })

/** Await it before anything is rendered. A reload keeps what was changed. */
export async function startMock() {
  await setupWorker(...handlers(authentik, { keep: 'session' })).start({ ${unhandled(isMsw2)}: 'bypass' })
}
`

/** What starts the mock in a server, such as that of Next. */
export const serverMock = ({ release, isMsw2 }: TemplateOptions) => `import { mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { setupServer } from 'msw/node'

export const startMock = () =>
  setupServer(...handlers(mock({ release: '${release}', token: 'my-token' }))).listen({ ${unhandled(isMsw2)}: 'bypass' })
`

/** What Next calls as its server starts. */
export const nextInstrumentation = ({
  isTypeScript,
}: TemplateOptions) => `/** Next calls it once, before it answers a request. */
export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.AUTHENTIK !== 'mock') return
  const { startMock } = await import('./mocks/authentik${isTypeScript ? '' : '.js'}')
  startMock()
}
`

/** What gives each story of Storybook a mock by its parameters. */
export const storybookLoader = ({
  release,
  isTypeScript,
  isMsw2,
}: TemplateOptions) => `import { mock${isTypeScript ? ', type MockOptions' : ''} } from 'authentik-mock'
import { control${isTypeScript ? ', type ScenarioDefinition' : ''} } from 'authentik-mock/control'
import { handlers } from 'authentik-mock/msw'
import { setupWorker } from 'msw/browser'

const worker = setupWorker()
const started = worker.start({ ${unhandled(isMsw2)}: 'bypass', quiet: true })
${
  isTypeScript
    ? `
interface Parameters {
  authentik?: MockOptions & { scenario?: ScenarioDefinition }
}
`
    : ''
}
/** Gives a story a mock of its own, by \`parameters: { authentik: { release, world, token, scenario } }\`. */
export async function loadMock({ parameters }${isTypeScript ? ': { parameters: Parameters }' : ''}) {
  await started
  const { scenario, ...options } = parameters.authentik ?? {}
  const authentik = control(mock({ release: '${release}', token: 'my-token', ...options }))
  if (scenario) authentik.scenario(scenario)
  worker.resetHandlers(...handlers(authentik))
  return { authentik }
}
`

/** The options of `authentik-mock serve`. */
export const config = ({ release }: TemplateOptions) => `${JSON.stringify({ release, port: 9000 }, null, 2)}\n`

const toImport = (names: readonly string[], module: string, hasImports: boolean) =>
  hasImports
    ? `import { ${names.join(', ')} } from '${module}'`
    : `const { ${names.join(', ')} } = require('${module}')`

const unhandled = (isMsw2: boolean) => (isMsw2 ? 'onUnhandledRequest' : 'onUnhandledFrame')

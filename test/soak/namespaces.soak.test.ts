/** Sixteen browsers on one server, each in a namespace of its own: none sees what another does. */
import { chromium as playwright, type Browser, type BrowserContext } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { control, type ControlledMock } from '../../src/entries/control.ts'
import { mock } from '../../src/entries/index.ts'
import { serve, type Server } from '../../src/entries/node.ts'
import { chromium } from '../support/chromium.ts'

const CONTEXTS = 16
const ROUNDS = 40

let authentik: ControlledMock
let server: Server
let browser: Browser

beforeAll(async () => {
  authentik = control(mock())
  server = await serve(authentik, { port: 0 })
  browser = await playwright.launch(await chromium())
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

/** What one browser does, again and again, in its namespace. */
async function play(context: BrowserContext, number: number): Promise<{ usernames: string[]; groups: string[][] }> {
  const base = `${server.url}/-/mock/ns/browser-${number}`
  const usernames = [...authentik.world.users.values()].filter((user) => user.is_active).map((user) => user.username)
  const username = usernames[number % usernames.length]!
  const { Cookie } = await authentik.namespace(`browser-${number}`).logIn(username)
  const url = `${base}/`
  await context.addCookies(
    Cookie.split('; ').map((pair) => {
      const [name = '', value = ''] = pair.split('=')
      return { name, value, url }
    }),
  )
  const page = await context.newPage()
  await page.goto(`${base}/-/health/live/`)
  const token = authentik.tokens().superuser!
  return page.evaluate(
    async ({ origin, rounds, key, mark }) => {
      const names = new Set<string>()
      const groups: string[][] = []
      for (let round = 0; round < rounds; round++) {
        const answer = await fetch(`${origin}/api/v3/core/users/me/`)
        names.add((await answer.json()).user.username)
        const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }
        const name = `${mark} ${round}`
        await fetch(`${origin}/api/v3/core/applications/`, {
          method: 'POST',
          headers,
          body: JSON.stringify({ name, slug: name.replaceAll(' ', '-') }),
        })
        const list = await fetch(`${origin}/api/v3/core/applications/?superuser_full_list=true&page_size=100`, {
          headers,
        })
        groups.push((await list.json()).results.map((application: { name: string }) => application.name))
      }
      return { usernames: [...names], groups }
    },
    { origin: base, rounds: ROUNDS, key: token, mark: `of browser ${number}` },
  )
}

it(`${CONTEXTS} browsers each stay with their user and their rows, and the world of the start with its own`, async () => {
  const start = JSON.stringify(authentik.world)
  const contexts = await Promise.all(Array.from({ length: CONTEXTS }, () => browser.newContext()))
  const outcomes = await Promise.all(contexts.map(play))
  const usernames = [...authentik.world.users.values()].filter((user) => user.is_active).map((user) => user.username)
  outcomes.forEach((outcome, number) => {
    expect(outcome.usernames).toEqual([usernames[number % usernames.length]])
    const names = outcome.groups.at(-1)!.filter((name) => name.startsWith('of browser'))
    expect(names.toSorted()).toEqual(
      Array.from({ length: ROUNDS }, (_, round) => `of browser ${number} ${round}`).toSorted(),
    )
    const requests = authentik.namespace(`browser-${number}`).journal.find()
    expect(requests.every(({ request }) => request.path.startsWith(`/-/mock/ns/browser-${number}/`))).toBe(true)
  })
  expect(JSON.stringify(authentik.world)).toBe(start)
  await Promise.all(contexts.map((context) => context.close()))
}, 180_000)

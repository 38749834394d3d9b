/** What who runs the mock is told of a client that asks for the wrong thing; the client hears what authentik says. */
import { describe, expect, it } from 'vitest'
import { control } from '../../../src/entries/control.ts'
import { readyMock } from '../../support/client.ts'

const ORIGIN = 'http://authentik.test'
const WORLD = {
  users: [{ username: 'ann' }],
  providers: [
    { name: 'Shop', client_id: 'shop', redirect_uris: 'https://shop.test/callback' },
    { name: 'Desk', client_id: 'desk', redirect_uris: 'https://desk.test/' },
  ],
  applications: [
    { slug: 'shop', provider: 'Shop' },
    { slug: 'desk', provider: 'Desk' },
  ],
}
const CLIENTS = 'There are: shop (of the application shop), desk (of the application desk).'

/** A mock, what its log heard, and how it is asked. */
async function start(world: object = WORLD) {
  const heard: string[] = []
  const authentik = control(await readyMock({ world, release: '2026.2.2', log: (message) => heard.push(message) }))
  const authorize = (parameters: Record<string, string>) =>
    authentik.fetch(`${ORIGIN}/application/o/authorize/?${new URLSearchParams(parameters)}`)
  const post = (endpoint: string, form: Record<string, string>) =>
    authentik.fetch(`${ORIGIN}/application/o/${endpoint}/`, { method: 'POST', body: new URLSearchParams(form) })
  const reasons = () => authentik.journal.find().map((entry) => entry.reasons)
  return { heard, authorize, post, reasons }
}

describe("a redirect_uri that is not the client's", () => {
  it("gets authentik's page, and the log names those that are, once", async () => {
    const { heard, authorize, reasons } = await start()
    const request = { client_id: 'shop', redirect_uri: 'https://shop.test/calback', response_type: 'code' }
    const pages = [await authorize(request), await authorize(request)]
    expect(pages.map(({ status }) => status)).toEqual([400, 400])
    expect(await pages[0]!.text()).not.toContain('https://shop.test/callback')
    const message =
      'The redirect_uri "https://shop.test/calback" is none of the client\'s. ' +
      'The client shop has: https://shop.test/callback. ' +
      'Change what it asks for, or redirect_uris of the provider "Shop".'
    expect(heard).toEqual([`A login was refused. ${message}`])
    expect(reasons()).toEqual([[message], [message]])
  })

  it("is told of when there is none, when it has a forbidden scheme, and where the client's own is a pattern", async () => {
    const pattern = { matching_mode: 'regex', url: 'https://.*', redirect_uri_type: 'authorization' }
    const { heard, authorize } = await start({
      ...WORLD,
      providers: [{ name: 'Shop', client_id: 'shop', redirect_uris: [pattern] }],
      applications: [],
    })
    for (const redirect_uri of ['', 'javascript:0', 'http://shop.test/'])
      await authorize({ client_id: 'shop', redirect_uri, response_type: 'code' })
    expect(heard).toEqual([
      expect.stringContaining('The request names no redirect_uri. The client shop has: what matches https://.*.'),
      expect.stringContaining('The redirect_uri "javascript:0" has a scheme that no client may be called by.'),
      expect.stringContaining('The redirect_uri "http://shop.test/" is none of the client\'s.'),
    ])
  })
})

describe('a client_id that nobody has', () => {
  it.each(['token', 'device', 'revoke', 'introspect'])(
    'is refused at %s as authentik does, and the log names those that there are, once',
    async (endpoint) => {
      const { heard, post } = await start()
      const answers = [await post(endpoint, { client_id: 'shpo' }), await post(endpoint, { client_id: 'shpo' })]
      for (const answer of answers) expect(await answer.text()).not.toContain('shop')
      const path = `/application/o/${endpoint}/`
      expect(heard).toEqual([`POST ${path} is refused. There is no client "shpo". ${CLIENTS}`])
    },
  )

  it('gets the page of a wrong client where a person logs in', async () => {
    const { heard, authorize, reasons } = await start()
    const page = await authorize({ client_id: 'shpo', redirect_uri: 'https://shop.test/callback' })
    expect([page.status, (await page.text()).includes('client_id')]).toEqual([400, true])
    expect(heard).toEqual([`GET /application/o/authorize/ is refused. There is no client "shpo". ${CLIENTS}`])
    expect(reasons()).toEqual([[`There is no client "shpo". ${CLIENTS}`]])
  })

  it('is told of a thousand times at most, whatever is asked', async () => {
    const { heard, post } = await start()
    for (let index = 0; index < 1010; index++) await post('revoke', { client_id: `client-${index}` })
    expect(heard).toHaveLength(1000)
  })
})

/** A redirect URI that is to be a regular expression is one, from the release on in which they are a list. */
import { describe, expect, it } from 'vitest'
import { clientOf, readyMock } from '../../support/client.ts'

const PROVIDER = '/providers/oauth2/1/'
const regex = (url: string) => ({ redirect_uris: [{ matching_mode: 'regex', url }] })

describe.each(['2024.8.5', '2024.10.3', '2025.8.6', '2026.8.3'])('a provider of %s', (release) => {
  const start = async () => clientOf(await readyMock({ release, token: 'key' }), { token: 'key' })

  it.each(['(', 'https://a.example/)', '*', '[z-a]', 'a{2,1}', String.raw`\q`])('is refused %s', async (url) => {
    const client = await start()
    const { text } = await client.get(PROVIDER)
    const { status, json } = await client.patch(PROVIDER, regex(url))
    expect([status, json]).toEqual([400, { redirect_uris: [`Invalid Regex Pattern: ${url}`] }])
    expect((await client.get(PROVIDER)).text).toBe(text)
  })

  it.each(['https://a.example/.*', '(?=a)b', String.raw`(a)\1`])(
    'takes %s, followed by the mock or not',
    async (url) => {
      const { status, json } = await (await start()).patch(PROVIDER, regex(url))
      expect([status, json.redirect_uris]).toMatchObject([200, [{ url }]])
    },
  )

  it('takes what is no expression where it is compared as it is', async () => {
    const uris = { redirect_uris: [{ matching_mode: 'strict', url: 'https://a.example/(' }] }
    expect((await (await start()).patch(PROVIDER, uris)).status).toBe(200)
  })
})

it('a text is not looked at, in releases where the redirect URIs are one', async () => {
  const client = clientOf(await readyMock({ release: '2024.8.4', token: 'key' }), { token: 'key' })
  expect((await client.patch(PROVIDER, { redirect_uris: '(' })).status).toBe(200)
})

/** Checks that no provider signs with the key that is shipped with this package. */
import { isObject, parseJson, readKey } from '../../../schema/json.ts'
import { askObject, Unreadable, type Check, type Server } from './check.ts'

/** How many applications are looked at, each by a request. */
const MAX_APPLICATIONS = 20

/** The slugs of applications that have a provider, as far as the caller sees them. @throws Unreadable */
async function slugsOf({ ask }: Server): Promise<string[]> {
  const path = '/core/applications/?superuser_full_list=true&page_size=100'
  const { results } = await askObject(ask, path)
  if (!Array.isArray(results)) throw new Unreadable('$.results', `${path} is answered without a list of rows`)
  return results.flatMap((row: unknown) => {
    const slug = readKey(row, 'slug')
    return typeof slug === 'string' && readKey(row, 'provider') !== null ? [slug] : []
  })
}

/** The keys that an application's provider signs with; undefined where it is no OAuth2 provider. */
async function keysOf(slug: string, { askPage }: Server): Promise<unknown[] | undefined> {
  const { status, text } = await askPage(`/application/o/${encodeURIComponent(slug)}/jwks/`)
  const body = status === 200 ? parseJson(text) : undefined
  if (!isObject(body)) return undefined
  return Array.isArray(body['keys']) ? body['keys'] : []
}

/** What a server signs with. */
export const signingKeys: Check = {
  id: 'signing-key',
  title: 'no provider signs with the key of authentik-mock, which everybody has',
  isAdvice: true,
  async run(server) {
    const slugs = await slugsOf(server)
    const { shippedKeyMarks } = await import('../../../authentik/oidc/endpoints.ts')
    const marks = await shippedKeyMarks()
    const keySets = await Promise.all(
      slugs.slice(0, MAX_APPLICATIONS).map(async (slug) => ({ slug, keys: await keysOf(slug, server) })),
    )
    const providers = keySets.filter(({ keys }) => keys !== undefined)
    if (providers.length === 0) return 'there is no application with an OAuth2 provider to look at'
    const isShipped = (key: unknown) => ['kid', 'n'].some((name) => marks.has(String(readKey(key, name))))
    const findings = providers
      .filter(({ keys }) => keys?.some(isShipped))
      .map(
        ({ slug }) =>
          `the application ${slug} signs with the key that is published with authentik-mock: anybody can make its tokens. Give its provider a certificate of its own`,
      )
    return { findings, extent: `the keys of ${providers.length} of ${slugs.length} applications` }
  },
}

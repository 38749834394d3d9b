/** A small stand-in of a Pact Broker's HAL API, with what a verifier asks of it. */
import type { RequestListener } from 'node:http'

export interface StandIn {
  listener: RequestListener
  /** Every request: method, path, and the body as JSON. */
  asked: { method: string; path: string; body: any; authorization: string | undefined }[]
  /** What was published, by consumer. */
  published: Record<string, any>
}

export interface Stored {
  pact: any
  pending?: boolean
}

/**
 * @param answerTo another answer than it would give, by path
 * @param change what it would say, otherwise
 */
export function standIn(
  pacts: readonly Stored[],
  answerTo: (path: string, method: string) => [status: number, body: unknown] | undefined = () => undefined,
  change: (body: any, base: string) => unknown = (body) => body,
): StandIn {
  const asked: StandIn['asked'] = []
  const published: StandIn['published'] = {}
  const listener: RequestListener = async (request, response) => {
    let text = ''
    for await (const part of request) text += part
    const [path, method] = [request.url!, request.method!]
    const body = text && JSON.parse(text)
    asked.push({ method, path, body, authorization: request.headers.authorization })
    const [status, answer] = answerTo(path, method) ?? usual(path, method, body, `http://${request.headers.host}`)
    response
      .writeHead(status, { 'Content-Type': 'application/hal+json;charset=utf-8' })
      .end(typeof answer === 'string' ? answer : JSON.stringify(change(answer, `http://${request.headers.host}`)))
  }
  const usual = (path: string, method: string, body: any, base: string): [number, unknown] => {
    const link = (to: string) => ({ href: base + to })
    if (path === '/')
      return [
        200,
        {
          _links: {
            self: link('/'),
            'pb:provider-pacts-for-verification': {
              ...link('/pacts/provider/{provider}/for-verification'),
              templated: true,
            },
          },
        },
      ]
    if (path === '/pacts/provider/authentik/for-verification') {
      const chosen = pacts.map(({ pending = false }, at) => ({
        shortDescription: 'latest from main branch',
        verificationProperties: { pending: method === 'POST' && body.includePendingStatus && pending, notices: [] },
        _links: { self: { ...link(`/pacts/${at}`), name: `Pact ${at}` } },
      }))
      return [200, { _embedded: { pacts: chosen }, _links: { self: link(path) } }]
    }
    const [, at, results] = /^\/pacts\/(\d)(\/verification-results)?$/.exec(path) ?? []
    if (at !== undefined && results && method === 'POST') {
      const { name } = pacts[Number(at)]!.pact.consumer
      published[name] = body
      return [201, { _links: { self: link(`${path}/1`) } }]
    }
    if (at !== undefined && !results)
      return [
        200,
        {
          ...pacts[Number(at)]!.pact,
          _links: {
            self: link(path),
            'pb:provider': link('/pacticipants/authentik'),
            'pb:publish-verification-results': link(`${path}/verification-results`),
          },
        },
      ]
    if (path === '/pacticipants/authentik')
      return [
        200,
        {
          name: 'authentik',
          _links: {
            self: link(path),
            'pb:branch-version': { ...link(`${path}/branches/{branch}/versions/{version}`), templated: true },
            'pb:version-tag': { ...link(`${path}/versions/{version}/tags/{tag}`), templated: true },
          },
        },
      ]
    if (method === 'PUT') return [200, { _links: { self: link(path) } }]
    return [404, { error: `${path} is not here` }]
  }
  return { listener, asked, published }
}

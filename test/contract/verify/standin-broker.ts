/** Stands in for the HAL API of a Pact Broker, with what a verifier asks of it. */
import type { RequestListener } from 'node:http'

/** A broker that stands in for a real one. */
export interface StandIn {
  listener: RequestListener
  /** Every request: method, path, and the body as JSON. */
  requests: { method: string; path: string; body: any; authorization: string | undefined }[]
  /** What was published, by consumer. */
  published: Record<string, any>
}

/** A pact that the broker has. */
export interface Stored {
  pact: any
  pending?: boolean
}

type BrokerAnswer = [status: number, body: unknown]

/**
 * Makes a broker.
 *
 * @param answerTo gives another answer than the broker would; undefined for its own
 * @param change changes what the broker would say
 */
export function standIn(
  pacts: readonly Stored[],
  answerTo: (path: string, method: string) => BrokerAnswer | undefined = () => undefined,
  change: (body: any, base: string) => unknown = (body) => body,
): StandIn {
  const requests: StandIn['requests'] = []
  const published: StandIn['published'] = {}
  const listener: RequestListener = async (request, response) => {
    let text = ''
    for await (const part of request) text += part
    const { url: path = '', method = '', headers } = request
    const base = `http://${headers.host}`
    const body = text && JSON.parse(text)
    requests.push({ method, path, body, authorization: headers.authorization })
    const [status, answer] = answerTo(path, method) ?? answerAsBroker(path, method, body, base)
    response
      .writeHead(status, { 'Content-Type': 'application/hal+json;charset=utf-8' })
      .end(typeof answer === 'string' ? answer : JSON.stringify(change(answer, base)))
  }
  const answerAsBroker = (path: string, method: string, body: any, base: string): BrokerAnswer => {
    const link = (target: string) => ({ href: base + target })
    const page = (content: object, links: object) => ({ ...content, _links: { self: link(path), ...links } })
    const template = (target: string) => ({ ...link(target), templated: true })
    if (path === '/')
      return [
        200,
        page({}, { 'pb:provider-pacts-for-verification': template('/pacts/provider/{provider}/for-verification') }),
      ]
    if (path === '/pacts/provider/authentik/for-verification') {
      const chosen = pacts.map(({ pending = false }, index) => ({
        shortDescription: 'latest from main branch',
        verificationProperties: { pending: method === 'POST' && body.includePendingStatus && pending, notices: [] },
        _links: { self: { ...link(`/pacts/${index}`), name: `Pact ${index}` } },
      }))
      return [200, page({ _embedded: { pacts: chosen } }, {})]
    }
    const [, number, results] = /^\/pacts\/(\d)(\/verification-results)?$/.exec(path) ?? []
    const pact = pacts[Number(number)]?.pact
    if (pact && results && method === 'POST') {
      published[pact.consumer.name] = body
      return [201, { _links: { self: link(`${path}/1`) } }]
    }
    if (pact && !results)
      return [
        200,
        page(pact, {
          'pb:provider': link('/pacticipants/authentik'),
          'pb:publish-verification-results': link(`${path}/verification-results`),
        }),
      ]
    if (path === '/pacticipants/authentik')
      return [
        200,
        page(
          { name: 'authentik' },
          {
            'pb:branch-version': template(`${path}/branches/{branch}/versions/{version}`),
            'pb:version-tag': template(`${path}/versions/{version}/tags/{tag}`),
          },
        ),
      ]
    if (method === 'PUT') return [200, page({}, {})]
    return [404, { error: `${path} is not here` }]
  }
  return { listener, requests, published }
}

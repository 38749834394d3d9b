/**
 * MSW's `getResponse` behind `node:http`, which is how handlers would have to be served: a handler that answers with the JSON
 * of a file or, without a file, the handlers of the mock.
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { getResponse, http, HttpResponse } from 'msw'
import { listening } from './listening.ts'

const [, , file] = process.argv
const authentik = mock()
await authentik.ready
const allHandlers = file === undefined ? handlers(authentik) : [toHandler(JSON.parse(readFileSync(file, 'utf8')))]

listening(
  createServer(async ({ url, headers }, response) => {
    const request = new Request(`http://localhost${url}`, { headers: headers as Record<string, string> })
    const answer = await getResponse(allHandlers, request)
    if (!answer) throw new Error(`Failed to answer ${url}: no handler is for it.`)
    response.writeHead(answer.status, [...answer.headers].flat())
    response.end(await answer.text())
  }),
  authentik.tokens().superuser,
)

function toHandler(answer: Record<string, unknown>) {
  return http.get('*/api/v3/oauth2/authorization_codes/:id/', () => HttpResponse.json(answer))
}

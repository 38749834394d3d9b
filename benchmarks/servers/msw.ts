/** The MSW handlers of the mock behind `node:http`, which is how they would have to be served. */
import { createServer } from 'node:http'
import { mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { getResponse } from 'msw'
import { listening } from './listening.ts'

const authentik = mock()
await authentik.ready
const mockHandlers = handlers(authentik)

listening(
  createServer(async ({ url, headers }, response) => {
    const request = new Request(`http://localhost${url}`, { headers: headers as Record<string, string> })
    const answer = await getResponse(mockHandlers, request)
    if (!answer) throw new Error(`Failed to answer ${url}: no handler is for it.`)
    response.writeHead(answer.status, [...answer.headers].flat())
    response.end(await answer.text())
  }),
  authentik.tokens().superuser,
)

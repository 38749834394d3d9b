/** The mock's MSW handlers behind `node:http`, as one would have to serve them. */
import { createServer } from 'node:http'
import { mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { getResponse } from 'msw'
import { listening } from './listening.ts'

const own = mock()
await own.ready
const all = handlers(own)

listening(
  createServer(async ({ url, headers }, response) => {
    const request = new Request(`http://localhost${url}`, { headers: headers as Record<string, string> })
    const answer = (await getResponse(all, request))!
    response.writeHead(answer.status, [...answer.headers].flat())
    response.end(await answer.text())
  }),
  own.tokens().superuser,
)

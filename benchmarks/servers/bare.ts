/** The yardstick: `node:http` that answers the JSON of the file it is given. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { listening } from './listening.ts'

const answer: unknown = JSON.parse(readFileSync(process.argv[2]!, 'utf8'))

listening(
  createServer((_request, response) => {
    const body = JSON.stringify(answer)
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) })
    response.end(body)
  }),
)

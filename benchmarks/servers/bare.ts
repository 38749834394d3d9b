/** The server that all others are compared with: bare `node:http`, which answers with the JSON of a file. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { listening } from './listening.ts'

const [, , file = ''] = process.argv
const answer: unknown = JSON.parse(readFileSync(file, 'utf8'))

listening(
  createServer((_request, response) => {
    const body = JSON.stringify(answer)
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) })
    response.end(body)
  }),
)

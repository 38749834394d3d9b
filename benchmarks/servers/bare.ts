/**
 * The server that all others are compared with: bare `node:http`, which stringifies the JSON of a file for each request. With
 * the path of a JSON file of headers it sends those; with `gzip` it compresses each answer; with `batch` it answers what came in
 * one turn of the event loop at its end, as the mock does.
 */
import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { listening } from './listening.ts'

const [, , file = '', headersFile, manner] = process.argv
const answer: unknown = JSON.parse(readFileSync(file, 'utf8'))
const extraHeaders: Record<string, string> = headersFile
  ? JSON.parse(readFileSync(headersFile, 'utf8'))
  : { 'Content-Type': 'application/json' }

function respond(response: ServerResponse): void {
  const text = JSON.stringify(answer)
  const body = manner === 'gzip' ? gzipSync(text) : text
  if (manner === 'gzip') response.setHeader('Content-Encoding', 'gzip')
  response.writeHead(200, { ...extraHeaders, 'Content-Length': Buffer.byteLength(body) })
  response.end(body)
}

let batch: ServerResponse[] = []
function respondToBatch(): void {
  const responses = batch
  batch = []
  responses.forEach(respond)
}

listening(
  createServer((_request, response) => {
    if (manner !== 'batch') respond(response)
    else if (batch.push(response) === 1) setImmediate(respondToBatch)
  }),
)

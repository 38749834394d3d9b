/**
 * The server that all others are compared with: bare `node:http`, which stringifies the JSON of a file for each request. With
 * the path of a JSON file of headers it sends those; with `gzip` it compresses each answer.
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'
import { listening } from './listening.ts'

const [, , file = '', headersFile, encoding] = process.argv
const answer: unknown = JSON.parse(readFileSync(file, 'utf8'))
const extraHeaders: Record<string, string> = headersFile
  ? JSON.parse(readFileSync(headersFile, 'utf8'))
  : { 'Content-Type': 'application/json' }

listening(
  createServer((_request, response) => {
    const text = JSON.stringify(answer)
    const body = encoding === 'gzip' ? gzipSync(text) : text
    if (encoding === 'gzip') response.setHeader('Content-Encoding', 'gzip')
    response.writeHead(200, { ...extraHeaders, 'Content-Length': Buffer.byteLength(body) })
    response.end(body)
  }),
)

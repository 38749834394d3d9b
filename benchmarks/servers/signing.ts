/** Signs two JWTs by RS256 for each request, which is what a login costs at least. */
import { createServer } from 'node:http'
import { listening } from './listening.ts'

const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
const { privateKey } = await crypto.subtle.generateKey(
  { ...algorithm, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
  false,
  ['sign', 'verify'],
)
const text = new TextEncoder().encode('x'.repeat(700))

listening(
  createServer(async (_request, response) => {
    const sign = () => crypto.subtle.sign(algorithm, privateKey, text)
    response.end(String((await sign()).byteLength + (await sign()).byteLength))
  }),
)

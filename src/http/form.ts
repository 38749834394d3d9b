/** Forms, as pages and clients send them. */
import { contentTypeOf, covers } from './body.ts'
import type { Call } from './message.ts'

/** The fields of a form: urlencoded, or in several parts; none when the body is of another type, or broken. */
export async function readForm(call: Call): Promise<URLSearchParams> {
  const type = contentTypeOf(call)
  if (covers(type, 'application/x-www-form-urlencoded')) return readPairs(await call.body())
  return lastOfEach(covers(type, 'multipart/form-data') ? await readParts(await call.body(), type) : [])
}

/** The parameters of a query, or of a form that is written like one. */
export const readPairs = (text: string) => lastOfEach(new URLSearchParams(text))

/** Parameters of which each stands once, where the first of them did: of several the last counts, as in Django. */
const lastOfEach = (pairs: Iterable<[string, string]>) => new URLSearchParams([...new Map(pairs)])

/** The parameters of a request: those of the form that it posts, or else of its query. */
export const parametersOf = async (call: Call): Promise<URLSearchParams> =>
  call.method === 'POST' ? readForm(call) : readPairs(call.query)

/** The fields of a form in several parts (RFC 7578), without its files. */
async function readParts(body: string, type: string): Promise<[string, string][]> {
  try {
    const form = await new Response(body, { headers: { 'Content-Type': type } }).formData()
    return [...form].flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : []))
  } catch {
    return []
  }
}

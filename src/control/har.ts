/** Entries of the journal as an HTTP archive (HAR 1.2). */
import manifest from '../../package.json' with { type: 'json' }
import { originOf, type Call } from '../http/message.ts'
import type { JournalEntry, NamedValue } from './types.ts'

/** An archive of some entries. @param call that of who asks, by whose address the requests are named */
export function toHar(entries: readonly JournalEntry[], call: Call): { log: object } {
  const origin = originOf(call)
  return {
    log: {
      version: '1.2',
      creator: { name: 'authentik-mock', version: manifest.version },
      entries: entries.map((entry) => toHarEntry(entry, origin)),
    },
  }
}

function toHarEntry({ received, milliseconds, request, response, reasons }: JournalEntry, origin: string): object {
  const { method, path, query, headers, body } = request
  const typeOf = (list: readonly NamedValue[]) =>
    list.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? 'application/octet-stream'
  const sizes = { headersSize: -1, bodySize: -1 }
  const common = { httpVersion: 'HTTP/1.1', cookies: [], ...sizes }
  return {
    startedDateTime: received,
    time: milliseconds,
    request: {
      method,
      // An OPTIONS of the server itself has no path.
      url: `${origin}${path.startsWith('/') ? '' : '/'}${path}${query && `?${query}`}`,
      headers,
      queryString: [...new URLSearchParams(query)].map(([name, value]) => ({ name, value })),
      ...(body === '' ? {} : { postData: { mimeType: typeOf(headers), text: body } }),
      ...common,
    },
    response: {
      status: response?.status ?? 0,
      statusText: '',
      headers: response?.headers ?? [],
      content: {
        size: new TextEncoder().encode(response?.body).length,
        mimeType: typeOf(response?.headers ?? []),
        text: response?.body ?? '',
      },
      redirectURL: response?.headers.find(({ name }) => name === 'Location')?.value ?? '',
      ...common,
    },
    cache: {},
    timings: { send: 0, wait: milliseconds, receive: 0 },
    comment: reasons.join(' '),
  }
}

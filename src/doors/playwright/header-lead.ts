/** Leads browser contexts to a namespace by a header that they send. */
import type { BrowserContext } from '@playwright/test'
import { NAMESPACE_HEADER } from '../../control/namespaces.ts'
import type { MockStatus } from '../../control/types.ts'
import type { ControlServer } from './server.ts'

/** Leads contexts to one namespace. */
export interface HeaderLead {
  /** Has a context send the header beside other headers of its own. */
  lead(context: BrowserContext, extraHeaders?: Record<string, string>): Promise<void>
  /** @throws Error for a context that does not send the header */
  check(context: BrowserContext): Promise<void>
}

type SetHeaders = BrowserContext['setExtraHTTPHeaders']

/** What a context sets its headers with, before that was told to keep the one of a namespace. */
const setters = new WeakMap<BrowserContext, SetHeaders>()

/** @param name that of the namespace */
export function createHeaderLead(server: ControlServer, name: string): HeaderLead {
  const header = { [NAMESPACE_HEADER]: name }
  /** Playwright replaces all headers of a context at once, of which a test that sets some knows nothing. */
  function keepHeader(context: BrowserContext): SetHeaders {
    const present = setters.get(context) ?? context.setExtraHTTPHeaders.bind(context)
    setters.set(context, present)
    const setHeaders: SetHeaders = (headers) => present({ ...headers, ...header })
    context.setExtraHTTPHeaders = setHeaders
    return setHeaders
  }
  return {
    lead: (context, extraHeaders) => keepHeader(context)({ ...extraHeaders }),
    async check(context) {
      if ((await findNamespace(context, server)) !== name)
        throw new Error(
          `Failed to log in: the context does not send ${NAMESPACE_HEADER}: ${name}, as one with extraHTTPHeaders of its own, or of beforeAll. Lead it first, with the headers that it has: await authentik.lead(context, extraHTTPHeaders).`,
        )
      keepHeader(context)
    },
  }
}

/** Asks the server whose namespace a context names: Playwright does not tell which headers it sends. */
async function findNamespace(context: BrowserContext, { url, token }: ControlServer): Promise<string | null> {
  const headers = { Authorization: `Bearer ${token}` }
  const response = await context.request.get(`${url}/-/mock/api/status/`, { headers })
  return ((await response.json()) as MockStatus).namespace
}

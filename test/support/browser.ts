/** A browser as far as a login needs one: it follows redirects, keeps cookies, and sends the forms of pages. */
import type { Mock } from '../../src/entries/index.ts'

/** What a browser stands on. */
export interface Place {
  url: URL
  status: number
  headers: Headers
  text: string
}

const ORIGIN = 'http://authentik.test'

/** A browser with cookies of its own. */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly #authentik: Pick<Mock, 'fetch'>
  readonly #origin: string

  /** @param origin that of the authentik, where it is reached by a socket */
  constructor(authentik: Pick<Mock, 'fetch'>, origin = ORIGIN) {
    this.#authentik = authentik
    this.#origin = origin
  }

  /** Opens an address, and follows redirects on authentik's own origin; one that leads elsewhere is where it stops. */
  async open(address: string, body?: Record<string, string>): Promise<Place> {
    let url = new URL(address, this.#origin)
    let form = body
    for (let redirects = 0; redirects < 20; redirects++) {
      const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ')
      const response = await this.#authentik.fetch(url, {
        method: form ? 'POST' : 'GET',
        headers: { ...(cookie && { cookie }), ...(form && { origin: this.#origin }) },
        redirect: 'manual',
        ...(form && { body: new URLSearchParams(form) }),
      })
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        this.cookies.set(name, value)
      }
      const location = response.headers.get('Location')
      const { status, headers } = response
      if (location === null) return { url, status, headers, text: await response.text() }
      url = new URL(location, url)
      form = undefined
      if (url.origin !== this.#origin) return { url, status, headers, text: '' }
    }
    throw new Error(`Failed to open ${address}: it redirects for ever.`)
  }

  /** Fills the form of a page in, and sends it. */
  submit({ url, text }: Place, fields: Record<string, string>): Promise<Place> {
    const hidden = [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
    const values = hidden.map(([, name = '', value = '']) => [name, value] as const)
    return this.open(url.href, { ...Object.fromEntries(values), ...fields })
  }

  /** Logs in on the page of a flow. */
  async logIn(page: Place, username: string, password: string): Promise<Place> {
    return this.submit(await this.submit(page, { uid_field: username }), { password })
  }

  /** Opens the address of a client that asks for a login, and does what the pages want: logs in, and allows. */
  async authorize(address: string | URL, username: string, password: string): Promise<Place> {
    let place = await this.open(String(address))
    if (place.text.includes('name="uid_field"')) place = await this.logIn(place, username, password)
    if (place.text.includes('ak-stage-consent')) place = await this.submit(place, {})
    return place
  }
}

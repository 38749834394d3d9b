/** Where a served mock is reached and by whom, as `authentik-mock serve` prints it. */
import type { Server } from '../http/node/server.ts'
import type { Mock } from '../mock/mock.ts'
import type { Terminal } from './command.ts'
import { findLogins, type Login } from './logins.ts'
import type { ServedCertificate } from './serve-certificate.ts'

/** Where a server is reached, and what a client must trust for that. */
interface Places {
  url: string
  httpsUrl: string | undefined
  certificate: ServedCertificate | undefined
  /** Undefined where nobody controls it. */
  controlToken: string | undefined
  /** Who answers a login, as the option says it. */
  login?: string | undefined
  /** Where a page logs in; `url` without it. */
  loginUrl?: string | undefined
}

/** The addresses of a server, by the names that its certificate has. */
export function toPlaces(
  { url, httpsUrl }: Server,
  certificate: ServedCertificate | undefined,
): Omit<Places, 'controlToken' | 'login' | 'loginUrl'> {
  const toUrl = certificate?.toUrl ?? String
  return { url: toUrl(url), httpsUrl: httpsUrl && toUrl(httpsUrl), certificate }
}

/** Writes it for a program: `--json`. */
export const toReport = (served: Mock, { url, httpsUrl, certificate, controlToken }: Places) => ({
  url,
  release: served.release,
  fidelity: served.fidelity,
  token: served.tokens().superuser ?? null,
  login: findLogins(served, url),
  control: controlToken === undefined ? null : { url: `${url}/-/mock/api/`, token: controlToken },
  pid: process.pid,
  ...(certificate && { https: httpsUrl, ca: certificate.hasOurCa ? certificate.trusted : null }),
})

/** Writes it for a person. */
export function toText(served: Mock, places: Places, bold: Terminal['bold']): string {
  const { url, httpsUrl, certificate, controlToken } = places
  const { superuser, user } = served.tokens()
  const origin = served.seed === undefined ? 'your world' : `seed ${served.seed}`
  const token = superuser ?? user
  const [login] = findLogins(served, places.loginUrl ?? httpsUrl ?? url)
  // A world of somebody's own may have no code, or no superuser who sees it.
  const endpoint =
    superuser && served.world.authorization_codes.has(1) ? '/oauth2/authorization_codes/1/' : 'core/users/me/'
  const urls = [...new Set([url, ...(httpsUrl ? [httpsUrl] : [])])]
  // Without it, nothing stands on the address of a base path.
  const end = served.basePath === '/' ? '' : '/'
  return [
    `authentik ${served.release} (mock, ${served.fidelity}, ${origin}) listens on ${urls.map((address) => bold(address + end)).join(' and ')}`,
    `  superuser's token   ${superuser ?? 'none: the world has no API token of an active superuser; AUTHENTIK_BOOTSTRAP_TOKEN=KEY gives them one'}`,
    `  ordinary user's     ${user ?? 'none: the world has no API token of an active ordinary user'}`,
    `  what runs here      ${url}/-/mock/${controlToken === undefined ? '' : `?token=${encodeURIComponent(controlToken)}`}`,
    ...(login
      ? [
          `  an OpenID issuer    ${login.issuer}`,
          `  its client          ${login.client_id}`,
          `  who logs in there   ${toPerson(login, places)}`,
        ]
      : []),
    ...(certificate?.hasOurCa
      ? [
          `  certificates by     ${certificate.trusted}`,
          `  to trust them       NODE_EXTRA_CA_CERTS=${quote(certificate.trusted)} in Node; a browser imports the file`,
        ]
      : []),
    ...(token ? ['', ...urls.map((address) => toCurl(`${address}/api/v3/${endpoint}`, token, certificate))] : []),
    '',
    '',
  ].join('\n')
}

/** Whom a person logs in as, or who is logged in at once. */
const toPerson = ({ user, password }: Login, { login = 'page' }: Places) =>
  login === 'page' ? `${user}, with the password ${password}` : `${login.slice('auto:'.length) || 'akadmin'}, at once`

function toCurl(url: string, token: string, certificate: ServedCertificate | undefined): string {
  const trust = certificate && url.startsWith('https:') ? ` --cacert ${quote(certificate.trusted)}` : ''
  return `curl -L${trust} -X GET '${url}' -H 'Accept: application/json' -H 'Authorization: Bearer ${token}'`
}

/** Writes a path as a shell reads it. */
const quote = (file: string) => (/^[\w./:@%+,-]+$/.test(file) ? file : `'${file.replaceAll("'", String.raw`'\''`)}'`)

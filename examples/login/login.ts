/** The client of this page: it knows an OpenID provider, and not that it is a mock. */
import { UserManager } from 'oidc-client-ts'

/** What a real authentik, or another provider of the mock, is given by: `VITE_AUTHORITY=… VITE_CLIENT_ID=… vite`. */
const { VITE_AUTHORITY, VITE_CLIENT_ID } = import.meta.env as Record<string, string | undefined>

/** Logs in, renews and logs out. The page's own host is that of the mock too, so that a hidden frame has its session. */
export const manager = new UserManager({
  authority: VITE_AUTHORITY ?? `http://${location.hostname}:9000/application/o/spa/`,
  client_id: VITE_CLIENT_ID ?? 'spa',
  redirect_uri: `${location.origin}/callback`,
  scope: 'openid profile email',
})

/** Takes what a login brought back, in this window or in a hidden frame. @returns whether this is the page of a login */
export async function finishLogin(): Promise<boolean> {
  if (location.pathname !== '/callback') return false
  await manager.signinCallback()
  history.replaceState(null, '', '/')
  return true
}

/** What a page does with the mock behind MSW, of whatever major version: the projects of MSW 2 and 3 share this file. */

/**
 * Reads and deletes as a user who has logged in, and reloads the page: what it changed is still so. Then the whole page
 * goes to the login, which knows the user, and back with a code.
 * @param authentik the mock, whose handlers have `keep: 'session'`
 * @throws Error for what is not answered as authentik answers it
 */
export async function takeTour(authentik) {
  if (sessionStorage.getItem('toured')) return lookAgain(authentik)
  await checkAnonymous()
  const { 'X-authentik-CSRF': token } = await authentik.logIn('akadmin')
  await checkSession(token)
  await checkPaths()
  sessionStorage.setItem('toured', 'once')
  location.reload()
  // The page is gone before anything follows.
  await new Promise(() => {})
}

const CODE = '/api/v3/oauth2/authorization_codes/1/'
const ME = '/api/v3/core/users/me/'

async function checkAnonymous() {
  check('nobody is logged in', (await fetch(ME)).status, 403)
  const response = await fetch(ME, { headers: { Authorization: 'Bearer my-token' } })
  check('a token is taken', (await response.json()).user.username, 'akadmin')
}

async function checkSession(token) {
  check('the session reads', (await (await fetch(ME)).json()).user.username, 'akadmin')
  const refused = await fetch(CODE, { method: 'DELETE' })
  check('DELETE without CSRF header', refused.status, 403)
  check('and its reason', (await refused.json()).detail, 'CSRF Failed: CSRF token missing.')
  const deleted = await fetch(CODE, { method: 'DELETE', headers: { 'X-authentik-CSRF': token } })
  check('DELETE with it', deleted.status, 204)
  check('has no body', await deleted.text(), '')
}

async function checkPaths() {
  const redirected = await fetch('/api/v3//core/users/me/')
  check('a redirect is followed', redirected.status, 200)
  check('what the mock lacks', (await fetch('/api/v3/managed/blueprints/')).status, 501)
  const nowhere = await fetch('/api/v3/core/no_such_thing/')
  check('what nobody has', nowhere.status, 501)
  check('is no index.html', nowhere.headers.get('Content-Type'), 'application/json')
}

async function lookAgain(authentik) {
  const code = new URLSearchParams(location.search).get('code')
  if (code) return checkCode(code, authentik)
  check('the session is there after a reload', (await (await fetch(ME)).json()).user.username, 'akadmin')
  check('the code is gone after a reload', (await fetch(CODE)).status, 404)
  const client = await clientOf(authentik)
  const wish = { ...client, response_type: 'code', scope: 'openid', prompt: 'none' }
  location.assign(`/application/o/authorize/?${new URLSearchParams(wish)}`)
  await new Promise(() => {})
}

/** A client that is called back on this page. */
async function clientOf(authentik) {
  await authentik.ready
  const redirect_uri = `${location.origin}/`
  const { client_id, client_secret } = await authentik.world.providers.update(1, { redirect_uris: redirect_uri })
  return { client_id, client_secret, redirect_uri }
}

async function checkCode(code, authentik) {
  const body = new URLSearchParams({ ...(await clientOf(authentik)), grant_type: 'authorization_code', code })
  const { access_token } = await (await fetch('/application/o/token/', { method: 'POST', body })).json()
  const headers = { Authorization: `Bearer ${access_token}` }
  check('the token of a login is taken', (await fetch('/application/o/userinfo/', { headers })).status, 200)
}

function check(title, actual, expected) {
  if (actual !== expected) throw new Error(`${title}: ${actual} instead of ${expected}`)
}

/** A page that logs its visitor in by OpenID Connect, and shows the authorization codes that authentik has. */

const CLIENT = 'spa'
const HOME = `${location.origin}/`
const parameters = new URLSearchParams(location.search)

/** The issuer: that of the address, for a test that says another, or else the one that the page always has. */
async function findIssuer() {
  const named = parameters.get('issuer') ?? sessionStorage.getItem('issuer')
  if (named) sessionStorage.setItem('issuer', named)
  return named ?? (await (await fetch('/config.json')).json()).issuer
}

async function ask(url, init) {
  const response = await fetch(url, init)
  if (!response.ok) throw new Error(`${response.status} of ${new URL(url).pathname}`)
  return response.json()
}

const encode = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

async function logIn({ authorization_endpoint: endpoint }) {
  const verifier = encode(crypto.getRandomValues(new Uint8Array(32)))
  sessionStorage.setItem('verifier', verifier)
  const challenge = encode(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)))
  const query = new URLSearchParams({
    client_id: CLIENT,
    response_type: 'code',
    redirect_uri: HOME,
    scope: 'openid profile',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  })
  location.assign(`${endpoint}?${query}`)
}

async function show(issuer, { token_endpoint, userinfo_endpoint }) {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: CLIENT,
    code: parameters.get('code'),
    redirect_uri: HOME,
    code_verifier: sessionStorage.getItem('verifier'),
  })
  const { access_token: token } = await ask(token_endpoint, { method: 'POST', body })
  const { preferred_username: name } = await ask(userinfo_endpoint, { headers: { Authorization: `Bearer ${token}` } })
  const api = issuer.replace(/application\/o\/.*/, 'api/v3/')
  const { results } = await ask(`${api}oauth2/authorization_codes/?page_size=100`, { credentials: 'include' })
  document.querySelector('#user').textContent = `${name} is logged in.`
  const items = results.map(({ user, scope }) => {
    const item = document.createElement('li')
    item.textContent = `${user.username}: ${scope.join(' ')}`
    return item
  })
  document.querySelector('#codes').replaceChildren(...items)
}

try {
  const issuer = await findIssuer()
  const endpoints = await ask(`${issuer}.well-known/openid-configuration`)
  await (parameters.has('code') ? show(issuer, endpoints) : logIn(endpoints))
} catch (error) {
  document.querySelector('#problem').textContent = error.message
}

/** What a test does with the mock behind MSW in Node, of whatever major version: the projects of both share this file. */

const CODES = 'http://authentik.company/api/v3/oauth2/authorization_codes/'

/**
 * Asks as a user who has logged in. MSW has no jar for cookies in Node, so that each request brings them along.
 * @returns what was answered, which `expected` says too
 */
export async function takeTour(authentik) {
  const session = await authentik.logIn('akadmin')
  const send = (path, method, headers, redirect) => fetch(CODES + path, { method, headers, redirect })
  const deleted = await send('1/', 'DELETE', session)
  const redirected = await send('/2/', 'GET', session, 'manual')
  return {
    anonymous: (await send('1/', 'GET', {})).status,
    withoutCsrf: (await send('2/', 'DELETE', { Cookie: session.Cookie })).status,
    deleted: [deleted.status, await deleted.text()],
    gone: (await send('1/', 'GET', session)).status,
    redirected: [redirected.status, redirected.headers.get('Location')],
    lacking: (await send('../../managed/blueprints/', 'GET', session)).status,
    nowhere: (await send('../../core/no_such_thing/', 'GET', session)).status,
  }
}

/** What the tour comes to where `origin` names the origin. */
export const expected = {
  anonymous: 403,
  withoutCsrf: 403,
  deleted: [204, ''],
  gone: 404,
  redirected: [301, '/api/v3/oauth2/authorization_codes/2/'],
  lacking: 501,
  nowhere: 501,
}

/** A part of an application, which knows nothing of the mock: how many codes there are, and in which authentik. */
export function renderCodes() {
  const element = document.createElement('p')
  element.textContent = 'Loading ...'
  void findText().then((text) => (element.textContent = text))
  return element
}

async function findText() {
  const answers = await Promise.all([ask('admin/version/'), ask('oauth2/authorization_codes/')])
  const failed = answers.find(({ ok }) => !ok)
  if (failed) return `${failed.status}: ${(await failed.json()).detail}`
  const [{ version_current: version }, { pagination, results }] = await Promise.all(answers.map((each) => each.json()))
  const names = results.map(({ user }) => user.username)
  if (pagination.count === 0) return `authentik ${version} has no code`
  return `authentik ${version} has ${pagination.count} codes, the first of ${names[0]}`
}

const ask = (path) =>
  fetch(`https://authentik.company/api/v3/${path}`, { headers: { Authorization: 'Bearer my-token' } })

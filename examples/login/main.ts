/** A page that says who is logged in, and lets them log in, renew and log out. */
import type { User } from 'oidc-client-ts'
import { finishLogin, manager } from './login.ts'

const find = (id: string) => document.getElementById(id)!

function show(user: User | null): void {
  const { preferred_username, ...claims } = user?.profile ?? {}
  find('status').textContent = user ? `${preferred_username} is logged in.` : 'Nobody is logged in.'
  find('log-in').hidden = user !== null
  for (const id of ['renew', 'log-out']) find(id).hidden = user === null
  find('claims').replaceChildren(
    ...Object.entries(claims).flatMap(([name, value]) => [toElement('dt', name), toElement('dd', String(value))]),
  )
}

function toElement(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag)
  element.textContent = text
  return element
}

/** Says what went wrong, beside what is still true. */
async function attempt(action: () => Promise<unknown>): Promise<void> {
  find('problem').textContent = ''
  try {
    await action()
  } catch (error) {
    find('problem').textContent = error instanceof Error ? error.message : String(error)
  }
  show(await manager.getUser())
}

const ACTIONS = {
  'log-in': () => manager.signinRedirect(),
  renew: () => manager.signinSilent(),
  'log-out': () => manager.signoutRedirect(),
}
for (const [id, action] of Object.entries(ACTIONS)) find(id).addEventListener('click', () => attempt(action))
await attempt(finishLogin)

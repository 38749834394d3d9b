/** Who can log in, and does by one button. */
import { useEffect, useState } from 'preact/hooks'
import { ask } from './api.ts'
import { change, status } from './live.ts'
import { Avatar, Badge, Button, Copy, Fault, Input, useWork } from './parts.tsx'
import { useStore } from './store.ts'
import { loadRows, type RowPage } from './rows.ts'

/** How many users are shown at once. */
const LIMIT = 24

/** What a person was given, to copy. */
type Credentials = { headers: Record<string, string> } | { identifier: string; key: string }

/** The users, each with a button that logs in as them. */
export function People() {
  const [search, setSearch] = useState('')
  const [page, setPage] = useState<RowPage | null>(null)
  const { count, resources } = useStore(change)
  const { run, fault } = useWork()
  const changes = resources.length === 0 || resources.includes('users') ? count : 0
  useEffect(() => {
    const load = async () => setPage(await loadRows('users', { search, limit: LIMIT }))
    const timer = setTimeout(() => void run(load), page ? 200 : 0)
    return () => clearTimeout(timer)
  }, [search, changes])
  return (
    <section aria-labelledby="people-title">
      <h3 id="people-title">Log in as</h3>
      <p class="note">In this browser, and with headers to copy.</p>
      <StartTokens />
      <Input label="Search users" type="search" value={search} onInput={setSearch} />
      <Fault fault={fault} />
      <ul class="cards people">
        {page?.rows.map((row) => (
          <Person key={String(row['pk'])} row={row} />
        ))}
      </ul>
      {page && page.count > page.rows.length && (
        <p class="note">{page.count - page.rows.length} more: search for them.</p>
      )}
    </section>
  )
}

/** The tokens that are there at the start. */
function StartTokens() {
  const { superuser = null, user = null } = useStore(status)?.tokens ?? {}
  return (
    <div class="row">
      {superuser !== null && <Copy text={superuser}>Copy a token of the superuser</Copy>}
      {user !== null && <Copy text={user}>Copy a token of a user</Copy>}
    </div>
  )
}

function Person({ row }: { row: RowPage['rows'][number] }) {
  const [credentials, setCredentials] = useState<Credentials | null>(null)
  const { run, fault, isBusy } = useWork()
  const username = String(row['username'])
  const name = String(row['name'] || username)
  const user = row['pk']
  const logIn = () =>
    run(async () => {
      setCredentials({ headers: await ask('POST', 'sessions/', { user, cookie: true }) })
      return `This browser is logged in as ${username}`
    })
  const createToken = (intent: 'api' | 'app_password') =>
    run(async () => {
      setCredentials(await ask<{ identifier: string; key: string }>('POST', 'tokens/', { user, intent }))
      return `${username} has a token`
    })
  return (
    <li class="card">
      <div class="line">
        <Avatar avatar={String(row['avatar'] ?? '')} name={name} />
        <span class="names">
          <strong>{name}</strong>
          <small>{username}</small>
        </span>
        {row['is_superuser'] === true && <Badge>superuser</Badge>}
        {row['is_active'] === false && <Badge tone="warn">inactive</Badge>}
      </div>
      <div class="row">
        <Button kind="main" label={`Log in as ${username}`} disabled={isBusy} onClick={() => void logIn()}>
          Log in
        </Button>
        <Button label={`API token for ${username}`} disabled={isBusy} onClick={() => void createToken('api')}>
          API token
        </Button>
        <Button
          label={`App password for ${username}`}
          disabled={isBusy}
          onClick={() => void createToken('app_password')}
        >
          App password
        </Button>
      </div>
      <Fault fault={fault} />
      {credentials && <CredentialsBox credentials={credentials} username={username} />}
    </li>
  )
}

function CredentialsBox({ credentials, username }: { credentials: Credentials; username: string }) {
  if ('key' in credentials) {
    return (
      <p class="result">
        <code>{credentials.key}</code> <Copy text={credentials.key} label={`token of ${username}`} />
      </p>
    )
  }
  const lines = Object.entries(credentials.headers).map((pair) => pair.join(': '))
  return (
    <div class="result">
      <pre>{lines.join('\n')}</pre>
      <Copy text={lines.join('\n')} label={`headers of ${username}`}>
        Copy headers
      </Copy>
    </div>
  )
}

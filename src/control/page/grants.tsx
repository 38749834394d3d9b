/** The section of grants: each as it is minted, with its life. */
import { useEffect, useState } from 'preact/hooks'
import type { GrantKind, GrantRecord, GrantRequest, GrantStep, MintedGrant } from '../types.ts'
import { ask } from './api.ts'
import { formatCount, formatMilliseconds, formatTime, KINDS } from './format.ts'
import { grants, keyOf, loadGrants } from './live.ts'
import {
  Avatar,
  Badge,
  Button,
  Choice,
  Copy,
  Fault,
  Form,
  Heading,
  Input,
  Moment,
  More,
  StatusBadge,
} from './parts.tsx'
import { useWork, useWorldNow, type Tone } from './parts.tsx'
import { Ring } from './ring.tsx'
import { toHash } from './routes.ts'
import { useStore } from './store.ts'
import { useSuggestions } from './rows.ts'

const TONES: Readonly<Record<GrantRecord['state'], Tone>> = {
  active: 'good',
  exchanged: 'plain',
  expired: 'warn',
  revoked: 'bad',
  deleted: 'bad',
}

/** What the steps of a life are called. */
const STEPS: Readonly<Record<GrantStep['step'], string>> = {
  authorize: 'authorize',
  login: 'login',
  consent: 'consent',
  mint: 'minted',
  exchange: 'exchanged',
  read: 'read',
  expire: 'expired',
  revoke: 'revoked',
  delete: 'deleted',
}

const KIND_OPTIONS = Object.entries(KINDS)
const STATE_OPTIONS = Object.keys(TONES).map((state) => [state, state] as const)

/** How many grants are drawn at first. */
const PAGE_SIZE = 50

/** The section. */
export function Grants({ hasFocus }: { hasFocus: boolean }) {
  const list = useStore(grants)
  const [kind, setKind] = useState('')
  const [state, setState] = useState('')
  const [search, setSearch] = useState('')
  const [limit, setLimit] = useState(PAGE_SIZE)
  const now = useWorldNow()
  const current = list.map((grant) => atTime(grant, now))
  const matching = current.filter((grant) => matches(grant, { kind, state, search }))
  return (
    <>
      <Heading hasFocus={hasFocus}>Grants</Heading>
      <MintForm />
      <Form label="Which grants" onSubmit={() => {}}>
        <Choice label="Kind" value={kind} options={[['', 'all'], ...KIND_OPTIONS]} onChange={setKind} />
        <Choice label="State" value={state} options={[['', 'all'], ...STATE_OPTIONS]} onChange={setState} />
        <Input label="User, application or scope" type="search" value={search} onInput={setSearch} />
      </Form>
      <p class="note" role="status">
        {list.length === 0
          ? 'No grant yet. Log in with your app, or mint one: it shows here at once.'
          : `${formatCount(matching.length, 'grant')}, the newest first`}
      </p>
      <ul class="grants">
        {matching.slice(0, limit).map((grant) => (
          <GrantCard key={keyOf(grant)} grant={grant} now={now} />
        ))}
      </ul>
      {matching.length > limit && <More onClick={() => setLimit(limit + PAGE_SIZE)} />}
    </>
  )
}

/** A grant as it is now: nobody tells when time runs out. A present instant has not passed yet. */
function atTime(grant: GrantRecord, now: number | undefined): GrantRecord {
  const { state, expires } = grant
  const isOver = state === 'active' && expires !== null && now !== undefined && now > Date.parse(expires)
  return isOver ? { ...grant, state: 'expired' } : grant
}

function matches(grant: GrantRecord, filter: { kind: string; state: string; search: string }): boolean {
  if (filter.kind !== '' && grant.kind !== filter.kind) return false
  if (filter.state !== '' && grant.state !== filter.state) return false
  const { user, provider, application, scope } = grant
  const texts = [user.username, user.name, provider.name, provider.client_id, application?.name, ...scope]
  return texts.join('\n').toLowerCase().includes(filter.search.toLowerCase())
}

/** One grant. */
function GrantCard({ grant, now }: { grant: GrantRecord; now: number | undefined }) {
  const { user, provider, application, kind, pk, scope, state, life } = grant
  const { run, fault, isBusy } = useWork()
  const name = `${KINDS[kind]} ${pk}`
  const act = (verb: 'expire' | 'revoke', outcome: string) =>
    run(async () => {
      await ask('POST', `grants/${kind}/${pk}/${verb}/`)
      await loadGrants()
      return `${name} ${outcome}`
    })
  return (
    <li class={`card grant ${state}`}>
      {now !== undefined && <GrantRing grant={grant} now={now} />}
      <div class="facts">
        <h3>
          <Avatar avatar={user.avatar} name={user.name || user.username} />
          <span class="names">
            <span>{user.name || user.username}</span>
            <small>{user.username}</small>
          </span>
        </h3>
        <p class="line">
          <Badge tone={TONES[state]}>{state}</Badge>
          <a href={toHash('world', kind, pk)}>{name}</a>
          <span>for {application?.name ?? provider.name}</span>
        </p>
        <p class="line scopes">
          {scope.map((word) => (
            <code key={word}>{word}</code>
          ))}
        </p>
        <p class="note">
          {grant.created === null ? (
            'there at the start'
          ) : (
            <>
              minted <Moment instant={grant.created} />
            </>
          )}
          {grant.expires === null ? (
            ', never expires'
          ) : (
            <>
              , expires <Moment instant={grant.expires} />
            </>
          )}
        </p>
      </div>
      {state === 'active' && (
        <div class="buttons">
          <Button label={`Expire ${name}`} disabled={isBusy} onClick={() => void act('expire', 'is expired')}>
            Expire
          </Button>
          <Button
            kind="danger"
            label={`Revoke ${name}`}
            disabled={isBusy}
            onClick={() => void act('revoke', 'is revoked')}
          >
            Revoke
          </Button>
        </div>
      )}
      <Fault fault={fault} />
      <Life name={name} steps={life} />
    </li>
  )
}

/** When the page was opened, by the clock of the world: from there a ring counts whose start nobody knows. */
let opened: number | undefined

function GrantRing({ grant: { created, expires, state }, now }: { grant: GrantRecord; now: number }) {
  opened ??= now
  return (
    <Ring
      start={created === null ? opened : Date.parse(created)}
      end={expires === null ? null : Date.parse(expires)}
      now={now}
      isRunning={state === 'active'}
    />
  )
}

/** The requests of a life, as a line. */
function Life({ name, steps }: { name: string; steps: readonly GrantStep[] }) {
  if (steps.length === 0) return null
  return (
    <ol class="life" aria-label={`The life of ${name}`}>
      {steps.map(({ entry, step, time, status, milliseconds }) => (
        <li key={`${entry} ${step}`}>
          <a href={toHash('journal', entry)}>
            <strong>{STEPS[step]}</strong>
            <span class="line">
              <StatusBadge status={status} />
              <small>{formatMilliseconds(milliseconds)}</small>
            </span>
            <small>
              <time dateTime={time}>{formatTime(time)}</time>
            </small>
          </a>
        </li>
      ))}
    </ol>
  )
}

/** The form that mints a grant. */
function MintForm() {
  const [isOpen, setOpen] = useState(false)
  return (
    <details class="card" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Mint a grant</summary>
      {isOpen && <MintFields />}
    </details>
  )
}

function MintFields() {
  const [kind, setKind] = useState<string>('authorization_codes')
  const [user, setUser] = useState('')
  const [provider, setProvider] = useState('')
  const [scope, setScope] = useState('openid')
  const [expires, setExpires] = useState('')
  const [minted, setMinted] = useState<MintedGrant | null>(null)
  const users = useSuggestions('users', 'username', 'name')
  const providers = useSuggestions('providers', 'client_id', 'name')
  const { run, fault, isBusy } = useWork()
  useEffect(() => setMinted(null), [kind])
  const mint = () =>
    run(async () => {
      setMinted(null)
      const wish: GrantRequest = {
        kind: kind as GrantKind,
        user,
        provider,
        scope,
        ...(expires && { expires: toExpires(expires) }),
      }
      const grant = await ask<MintedGrant>('POST', 'grants/', wish)
      setMinted(grant)
      await loadGrants()
      return `Minted ${KINDS[grant.kind] ?? grant.kind} ${grant.pk}`
    })
  return (
    <Form label="Mint a grant" onSubmit={() => void mint()}>
      <Choice label="Kind" value={kind} options={KIND_OPTIONS} onChange={setKind} />
      <Input label="User" value={user} list={users} onInput={setUser} required placeholder="username" />
      <Input
        label="Provider"
        value={provider}
        list={providers}
        onInput={setProvider}
        required
        placeholder="client_id, name or slug"
      />
      <Input label="Scope" value={scope} onInput={setScope} />
      <Input label="Expires" value={expires} onInput={setExpires} placeholder="+5m, an instant, or never" />
      <Button kind="main" disabled={isBusy}>
        Mint
      </Button>
      <Fault fault={fault} />
      {minted && (
        <p class="result">
          <code>{minted.value}</code> <Copy text={minted.value} label="what stands for the grant" />
        </p>
      )}
    </Form>
  )
}

const toExpires = (text: string) => (text.trim() === 'never' ? null : text.trim())

/** The page: what is above all sections, and the section that is open. */
import { useEffect, useState } from 'preact/hooks'
import { place } from './api.ts'
import { Clock } from './clock-section.tsx'
import { formatInstant, formatName } from './format.ts'
import { Grants } from './grants.tsx'
import { Journal } from './journal.tsx'
import { clock, connection, isForbidden, status, type Connection } from './live.ts'
import { Namespaces } from './namespaces.tsx'
import { announcement, Badge, useWorldNow, type Tone } from './parts.tsx'
import { route, SECTIONS, toHash, type Route } from './routes.ts'
import { Scenarios } from './scenarios.tsx'
import { useStore } from './store.ts'
import { World } from './world.tsx'

/** The whole page. */
export function App() {
  const isLocked = useStore(isForbidden)
  return isLocked ? <TokenForm /> : <Inspector />
}

/** Asks for the token, as the page without a script does. */
const TokenForm = () => (
  <main class="lone">
    <h1>authentik-mock</h1>
    <p role="alert">This page has no leave any more: the mock was started anew, or has another control token.</p>
    <form method="post" action={`${place.base}/-/mock/`}>
      <label for="token">Control token</label>
      <input id="token" name="token" type="password" autocomplete="off" required />
      <button class="main">Open</button>
    </form>
  </main>
)

function Inspector() {
  const here = useStore(route)
  const hasMoved = useHasMoved(here)
  useEffect(() => {
    document.title = [formatName(here.section), place.namespace, 'authentik-mock'].filter(Boolean).join(' - ')
  }, [here.section])
  return (
    <>
      <a class="skip" href="#content" onClick={skip}>
        Skip to the content
      </a>
      <Header here={here} />
      <main id="content" tabIndex={-1}>
        <SectionOf here={here} hasFocus={hasMoved} />
      </main>
      <Announcement />
    </>
  )
}

/** The part behind `#` is the section's, so that the link moves the focus itself. */
function skip(event: Event): void {
  event.preventDefault()
  document.querySelector<HTMLElement>('#content')?.focus()
}

/** Whether a person went elsewhere in the page since it was loaded. */
function useHasMoved(here: Route): boolean {
  const [first] = useState(here)
  return first !== here
}

const CONNECTIONS: Readonly<Record<Connection, readonly [Tone, string]>> = {
  connecting: ['plain', 'connecting'],
  live: ['good', 'live'],
  interrupted: ['bad', 'interrupted: it tries again'],
}

function Header({ here }: { here: Route }) {
  const facts = useStore(status)
  const [tone, text] = CONNECTIONS[useStore(connection)]
  return (
    <header>
      <div class="bar">
        <h1>authentik-mock</h1>
        {facts && (
          <p class="line">
            <span title={`authentik-mock ${facts.version}`}>authentik {facts.release}</span>
            <span>{facts.fidelity}</span>
            {facts.seed !== null && <span>seed {facts.seed}</span>}
            <span>
              {facts.operations.supported} of {facts.operations.documented} operations
            </span>
          </p>
        )}
        <p class="line">
          {place.namespace !== null && <Badge tone="warn">namespace {place.namespace}</Badge>}
          <WorldTime />
          <span role="status">
            <Badge tone={tone}>{text}</Badge>
          </span>
        </p>
      </div>
      <nav aria-label="Sections" class="sections">
        {SECTIONS.map((section) => (
          <a key={section} href={toHash(section)} aria-current={section === here.section ? 'page' : undefined}>
            {formatName(section)}
          </a>
        ))}
      </nav>
    </header>
  )
}

function WorldTime() {
  const now = useWorldNow()
  const reading = useStore(clock)
  if (now === undefined) return null
  return (
    <a class="clock" href={toHash('clock')} title="The clock of the world">
      {formatInstant(now)} {reading?.frozen && <Badge tone="warn">frozen</Badge>}
    </a>
  )
}

function SectionOf({ here: { section, rest }, hasFocus }: { here: Route; hasFocus: boolean }) {
  const [first, second] = rest
  if (section === 'journal')
    return <Journal id={/^\d+$/.test(first ?? '') ? Number(first) : undefined} hasFocus={hasFocus} />
  if (section === 'world')
    return (
      <World
        hasFocus={hasFocus}
        {...(first !== undefined && { resource: first })}
        {...(second !== undefined && { rowKey: second })}
      />
    )
  if (section === 'clock') return <Clock hasFocus={hasFocus} />
  if (section === 'scenarios') return <Scenarios hasFocus={hasFocus} />
  if (section === 'namespaces') return <Namespaces hasFocus={hasFocus} />
  return <Grants hasFocus={hasFocus} />
}

/** How long what was done stays to be read, in milliseconds. */
const READING_TIME = 4000

/** What was last done, shown and read aloud. */
function Announcement() {
  const text = useStore(announcement)
  useEffect(() => {
    const timer = setTimeout(() => announcement.set(''), READING_TIME)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <div class={text === '' ? 'announcement' : 'announcement seen'} role="status" aria-live="polite">
      {text}
    </div>
  )
}

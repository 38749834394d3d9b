/** The section of the clock: what time it is in the world. */
import { useState } from 'preact/hooks'
import type { ClockChange, ClockState, GrantRecord } from '../types.ts'
import { ask } from './api.ts'
import { formatInstant, KINDS } from './format.ts'
import { clock, grants, keyOf, setClock } from './live.ts'
import { Button, Choice, Fault, Form, Heading, Input, useWork, useWorldNow } from './parts.tsx'
import { useStore } from './store.ts'

const STEPS = [
  ['+1m', '+1 min'],
  ['+1h', '+1 h'],
  ['+1d', '+1 d'],
] as const

/** How far beside its end the clock is frozen, in milliseconds. */
const MARGIN = 1000

/** The section. */
export function Clock({ hasFocus }: { hasFocus: boolean }) {
  const now = useWorldNow()
  const reading = useStore(clock)
  const { run, fault } = useWork()
  const [instant, setInstant] = useState('')
  const change = (wish: ClockChange) =>
    run(async () => {
      const state = await ask<ClockState>('PATCH', 'clock/', wish)
      setClock(state)
      return `The clock shows ${formatInstant(state.now)} and ${state.frozen ? 'is frozen' : 'runs'}`
    })
  return (
    <>
      <Heading hasFocus={hasFocus}>Clock</Heading>
      <div class="card">
        <p class="time" role="timer" aria-label="The clock of the world">
          {now === undefined ? '…' : formatInstant(now)} <small>UTC</small>
        </p>
        <p class="note">{reading?.frozen ? 'It is frozen.' : 'It runs.'}</p>
        <div class="row">
          <Button kind="main" onClick={() => void change({ frozen: !reading?.frozen })}>
            {reading?.frozen ? 'Let it run' : 'Freeze'}
          </Button>
          {STEPS.map(([moveBy, text]) => (
            <Button key={moveBy} onClick={() => void change({ moveBy })}>
              {text}
            </Button>
          ))}
        </div>
        <Form label="Set the clock" onSubmit={() => void change({ now: instant })}>
          <Input label="An instant" value={instant} onInput={setInstant} placeholder="2030-01-01T00:00:00Z" required />
          <Button>Set</Button>
        </Form>
        <Fault fault={fault} />
      </div>
      <Ends change={change} now={now} />
    </>
  )
}

/** The end of a grant, beside which the clock can be frozen. */
function Ends({ change, now }: { change: (wish: ClockChange) => Promise<void>; now: number | undefined }) {
  const [chosen, setChosen] = useState('')
  const list = useStore(grants).filter(({ expires, state }) => expires !== null && state !== 'deleted')
  const grant = list.find((candidate) => keyOf(candidate) === chosen) ?? list[0]
  if (!grant?.expires || now === undefined)
    return <p class="note">Where a grant expires, the clock can be frozen just before and after.</p>
  const end = Date.parse(grant.expires)
  const freeze = (offset: number) => void change({ now: new Date(end + offset).toISOString(), frozen: true })
  return (
    <div class="card">
      <h3>When a row expires</h3>
      <div class="row">
        <Choice
          label="Row"
          value={keyOf(grant)}
          options={list.map((candidate) => [keyOf(candidate), toText(candidate)])}
          onChange={setChosen}
        />
        <Button onClick={() => freeze(-MARGIN)}>Freeze 1 s before</Button>
        <Button onClick={() => freeze(MARGIN)}>Freeze 1 s after</Button>
      </div>
      <p class="note">
        It {end < now ? 'expired' : 'expires'} at {formatInstant(end)}.
      </p>
    </div>
  )
}

const toText = ({ kind, pk, user }: GrantRecord) => `${KINDS[kind]} ${pk} of ${user.username}`

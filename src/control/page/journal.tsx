/** The section of the journal: what was asked, and why it was answered so. */
import { useState } from 'preact/hooks'
import type { JournalEntry, JournalFilter, Outcome, RequestKind } from '../types.ts'
import { addressOf, ask } from './api.ts'
import { EntryDetails } from './entry.tsx'
import { matchesFilter } from './filter.ts'
import { formatCount, formatMilliseconds, formatTime } from './format.ts'
import { entries } from './live.ts'
import { Badge, Button, Choice, Fault, Form, Heading, Input, More, StatusBadge, useWork, type Tone } from './parts.tsx'
import { toHash } from './routes.ts'
import { useStore } from './store.ts'

const KIND_OPTIONS: readonly (readonly [RequestKind | '', string])[] = [
  ['', 'all'],
  ['api', 'API'],
  ['oauth', 'OAuth'],
  ['flow', 'flow'],
  ['page', 'page'],
  ['unknown', 'unknown'],
]

const OUTCOME_OPTIONS: readonly (readonly [Outcome | '', string])[] = [
  ['', 'all'],
  ['answered', 'answered'],
  ['not-emulated', 'not emulated'],
  ['refused', 'refused'],
  ['scenario', 'scenario'],
  ['failed', 'failed'],
]

const OUTCOME_TONES: Readonly<Record<Outcome, Tone>> = {
  answered: 'plain',
  'not-emulated': 'warn',
  refused: 'bad',
  scenario: 'warn',
  failed: 'bad',
}

/** How many entries are drawn at first. */
const PAGE_SIZE = 100

/** The fields of the filter, as texts. */
interface FilterFields {
  kind: string
  outcome: string
  path: string
  operationId: string
  method: string
  status: string
  user: string
  writes: boolean
}

const EVERYTHING: FilterFields = {
  kind: '',
  outcome: '',
  path: '',
  operationId: '',
  method: '',
  status: '',
  user: '',
  writes: false,
}

/** Reads the fields; what is empty is not asked. */
function toFilter({ writes, status, ...fields }: FilterFields): JournalFilter {
  const texts = Object.entries(fields).filter(([, text]) => text.trim() !== '')
  return {
    ...Object.fromEntries(texts.map(([name, text]) => [name, text.trim()])),
    ...(/^\d+$/.test(status.trim()) && { status: Number(status) }),
    ...(writes && { writes }),
  }
}

/** The section, with one entry open or none. */
export function Journal({ id, hasFocus }: { id: number | undefined; hasFocus: boolean }) {
  const [fields, setFields] = useState(EVERYTHING)
  const [frozen, setFrozen] = useState<readonly JournalEntry[] | null>(null)
  const live = useStore(entries)
  const { run, fault } = useWork()
  const list = frozen ?? live
  const filter = toFilter(fields)
  const matching = list.filter((entry) => matchesFilter(entry, filter))
  const clear = () =>
    run(async () => {
      await ask('DELETE', 'journal/')
      entries.set([])
      setFrozen(null)
      return 'The journal is empty'
    })
  return (
    <div class={id === undefined ? 'panes' : 'panes open'}>
      <section aria-labelledby="journal-title">
        <Heading id="journal-title" hasFocus={hasFocus && id === undefined}>
          Journal
        </Heading>
        <Filter fields={fields} setFields={setFields} />
        <div class="row">
          <Button onClick={() => setFrozen(frozen ? null : live)}>{frozen ? 'Go on' : 'Pause'}</Button>
          <a class="button" href={addressOf('journal/har/')} download="journal.har">
            Download HAR
          </a>
          <Button kind="danger" onClick={() => void clear()}>
            Clear
          </Button>
        </div>
        <Fault fault={fault} />
        <p class="note">
          {list.length === 0
            ? 'Nothing was asked yet. Every request of your app shows here at once.'
            : `${formatCount(matching.length, 'request')}, the newest first${frozen ? '; paused' : ''}`}
        </p>
        <EntryList list={matching} open={id} />
      </section>
      {id !== undefined && <EntryDetails key={id} id={id} />}
    </div>
  )
}

function Filter({ fields, setFields }: { fields: FilterFields; setFields: (fields: FilterFields) => void }) {
  const set = (name: keyof FilterFields) => (text: string) => setFields({ ...fields, [name]: text })
  return (
    <Form label="Which requests" onSubmit={() => {}}>
      <Input label="Path" type="search" value={fields.path} onInput={set('path')} placeholder="/api/v3/core/*" />
      <Choice label="Kind" value={fields.kind} options={KIND_OPTIONS} onChange={set('kind')} />
      <Choice label="Outcome" value={fields.outcome} options={OUTCOME_OPTIONS} onChange={set('outcome')} />
      <details class="more">
        <summary>More to filter by</summary>
        <div class="row">
          <Input
            label="Operation"
            value={fields.operationId}
            onInput={set('operationId')}
            placeholder="core_users_me_retrieve"
          />
          <Input label="Method" value={fields.method} onInput={set('method')} />
          <Input label="Status" value={fields.status} onInput={set('status')} />
          <Input label="User" value={fields.user} onInput={set('user')} />
          <label class="tick">
            <input
              type="checkbox"
              checked={fields.writes}
              onChange={({ currentTarget }) => setFields({ ...fields, writes: currentTarget.checked })}
            />
            only what changes something
          </label>
        </div>
      </details>
    </Form>
  )
}

function EntryList({ list, open }: { list: readonly JournalEntry[]; open: number | undefined }) {
  const [limit, setLimit] = useState(PAGE_SIZE)
  return (
    <>
      <ol class="entries">
        {list.slice(0, limit).map((entry) => (
          <EntryLine key={entry.id} entry={entry} isOpen={entry.id === open} />
        ))}
      </ol>
      {list.length > limit && <More onClick={() => setLimit(limit + PAGE_SIZE)} />}
    </>
  )
}

function EntryLine({ entry, isOpen }: { entry: JournalEntry; isOpen: boolean }) {
  const { id, time, milliseconds, operationId, user, outcome, scenario, request, response, reasons } = entry
  return (
    <li>
      <a href={toHash('journal', id)} class="entry" aria-current={isOpen ? 'true' : undefined}>
        <span class="head">
          <StatusBadge status={response?.status} />
          <strong class="method">{request.method}</strong>
          <span class="path">{request.path + (request.query && `?${request.query}`)}</span>
        </span>
        <span class="meta">
          <time dateTime={time}>{formatTime(time)}</time>
          <span>{formatMilliseconds(milliseconds)}</span>
          <span>{user ?? 'nobody'}</span>
          {operationId !== null && <code>{operationId}</code>}
          {outcome !== 'answered' && (
            <Badge tone={OUTCOME_TONES[outcome]}>
              {outcome.replace('-', ' ')}
              {scenario !== null && `: ${scenario}`}
            </Badge>
          )}
        </span>
        {reasons.length > 0 && <span class="reasons">{reasons.join(' ')}</span>}
      </a>
    </li>
  )
}

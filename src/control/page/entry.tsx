/** One request of the journal, with its answer beside what the release documents of it. */
import { useEffect, useState } from 'preact/hooks'
import type { JournalEntry, NamedValue, OperationRecord, RowChange } from '../types.ts'
import { ask } from './api.ts'
import { parseJson, toCurl, toFetch, toInteraction, toScenario } from './copies.ts'
import { compareKeys, documentsStatus, type KeyRow } from './documented.ts'
import { formatMilliseconds } from './format.ts'
import { entries } from './live.ts'
import { Badge, Body, Button, Copy, Fault, Heading, Moment, Scroll, StatusBadge, useWork } from './parts.tsx'
import { go, toHash } from './routes.ts'
import { draft } from './scenario-form.tsx'
import { useStore } from './store.ts'

/** The entry with an id: in short as the list has it, until it is there with headers and bodies. */
function useEntry(id: number) {
  const listed = useStore(entries).find((entry) => entry.id === id)
  const [loaded, setLoaded] = useState<JournalEntry | null>(null)
  const [isClear, setClear] = useState(false)
  const work = useWork()
  const load = (clear: boolean) =>
    work.run(async () => {
      setLoaded(await ask<JournalEntry>('GET', `journal/${id}/${clear ? '?clear=true' : ''}`))
      setClear(clear)
      return clear ? 'Secrets are shown' : undefined
    })
  useEffect(() => void load(false), [id])
  const whole = loaded?.id === id ? loaded : undefined
  return { entry: whole ?? listed, isWhole: whole !== undefined, isClear, load, fault: work.fault }
}

/** The details of one entry. */
export function EntryDetails({ id }: { id: number }) {
  const { entry, isWhole, isClear, load, fault } = useEntry(id)
  return (
    <section class="card details" aria-labelledby="entry-title">
      <div class="row spread">
        <Heading id="entry-title" hasFocus>
          Request {id}
        </Heading>
        <a class="button quiet" href={toHash('journal')}>
          Close
        </a>
      </div>
      <Fault fault={fault} />
      {entry && (
        <>
          <Summary entry={entry} />
          <div class="row">
            <Button onClick={() => void load(!isClear)}>{isClear ? 'Mask secrets' : 'Show in clear'}</Button>
            <Copies entry={entry} />
          </div>
          {!isClear && <p class="note">Secrets are masked, in what is copied too, until they are shown in clear.</p>}
          {isWhole && <Exchange entry={entry} />}
        </>
      )}
    </section>
  )
}

function Summary({ entry }: { entry: JournalEntry }) {
  const { request, response, milliseconds, received, time, user, operationId, outcome, scenario, reasons } = entry
  return (
    <>
      <p class="line">
        <StatusBadge status={response?.status} />
        <strong>{request.method}</strong>
        <span class="path whole">{request.path + (request.query && `?${request.query}`)}</span>
      </p>
      <h3>Why it was answered so</h3>
      {reasons.length === 0 ? (
        <p>Nothing stood in its way.</p>
      ) : (
        <ul>
          {reasons.map((reason, index) => (
            <li key={index}>{reason}</li>
          ))}
        </ul>
      )}
      <dl>
        <dt>Outcome</dt>
        <dd>{outcome.replace('-', ' ') + (scenario === null ? '' : `: ${scenario}`)}</dd>
        <dt>Asked by</dt>
        <dd>{user ?? 'nobody in particular'}</dd>
        <dt>Operation</dt>
        <dd>{operationId === null ? 'none of the API' : <code>{operationId}</code>}</dd>
        <dt>World's time</dt>
        <dd>
          <Moment instant={time} />
        </dd>
        <dt>Received</dt>
        <dd>
          <Moment instant={received} /> by the machine's clock, answered in {formatMilliseconds(milliseconds)}
        </dd>
        <Changes changes={entry.changes} />
      </dl>
    </>
  )
}

const Changes = ({ changes }: { changes: readonly RowChange[] }) =>
  changes.length === 0 ? null : (
    <>
      <dt>Changed</dt>
      <dd>
        {changes.map(({ resource, key, action }) => (
          <span key={`${resource} ${key} ${action}`} class="change">
            {action}d <a href={toHash('world', resource, key)}>{`${resource} ${key}`}</a>
          </span>
        ))}
      </dd>
    </>
  )

function Copies({ entry }: { entry: JournalEntry }) {
  const scenario = () => JSON.stringify(toScenario(entry), null, 2)
  const repeat = () => {
    draft.set(toScenario(entry))
    go('scenarios')
  }
  return (
    <>
      <Copy text={() => toCurl(entry)}>Copy as curl</Copy>
      <Copy text={() => toFetch(entry)}>Copy as fetch</Copy>
      <Copy text={() => toInteraction(entry)}>Copy as Pact interaction</Copy>
      <Copy text={scenario}>Copy as scenario</Copy>
      <Button kind="quiet" onClick={repeat}>
        Make it a scenario
      </Button>
    </>
  )
}

/** The request and the answer, and beside them what the release documents. */
function Exchange({ entry }: { entry: JournalEntry }) {
  const { request, response, operationId } = entry
  return (
    <div class="beside">
      <section aria-label="The request">
        <h3>Request</h3>
        <Headers list={request.headers} label="Headers of the request" />
        <Body text={request.body} label="Body of the request" />
        <h3>Answer</h3>
        {response ? (
          <>
            <Headers list={response.headers} label="Headers of the answer" />
            <Body text={response.body} label="Body of the answer" />
          </>
        ) : (
          <p>None: the connection was reset.</p>
        )}
      </section>
      <section aria-label="What is documented">
        <h3>What the release documents</h3>
        {operationId === null ? (
          <p>Nothing: it is no operation of the API.</p>
        ) : (
          <Documented key={operationId} operationId={operationId} response={response} />
        )}
      </section>
    </div>
  )
}

const Headers = ({ list, label }: { list: readonly NamedValue[]; label: string }) =>
  list.length === 0 ? null : (
    <details>
      <summary>{label}</summary>
      <Scroll label={label}>
        <table>
          <tbody>
            {list.map(({ name, value }, index) => (
              <tr key={`${index} ${name}`}>
                <th scope="row">{name}</th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  )

function Documented({ operationId, response }: { operationId: string; response: JournalEntry['response'] }) {
  const [record, setRecord] = useState<OperationRecord | null>(null)
  const { run, fault } = useWork()
  useEffect(() => {
    void run(async () => setRecord(await ask('GET', `operations/${encodeURIComponent(operationId)}/`)))
  }, [operationId])
  if (!record) return fault ? <Fault fault={fault} /> : <p class="note">Asking…</p>
  const status = response?.status ?? 0
  const missing = record.releases.filter((release) => release.missing).map(({ release }) => release)
  return (
    <>
      <p>
        <code>{`${record.method} ${record.path}`}</code> {record.summary}
      </p>
      {!documentsStatus(record, status) && (
        <p>
          <Badge tone="warn">not documented</Badge> It documents no answer with {status === 0 ? 'no status' : status}.
        </p>
      )}
      {missing.length > 0 && <p>No such operation in: {missing.join(', ')}.</p>}
      <KeyTable rows={compareKeys(record, status, parseJson(response?.body ?? ''))} />
      <details>
        <summary>The operation as the document has it</summary>
        <Body text={JSON.stringify(record.documented)} label="The operation as the document has it" />
      </details>
    </>
  )
}

const KeyTable = ({ rows }: { rows: readonly KeyRow[] }) =>
  rows.length === 0 ? null : (
    <Scroll label="Keys of the answer">
      <table>
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">Answer</th>
            <th scope="col">Documented</th>
            <th scope="col">Other releases</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, actual, documented, isRequired, releases }) => (
            <tr key={key}>
              <th scope="row">{key}</th>
              <td>{actual ?? <Badge tone={isRequired ? 'bad' : 'plain'}>absent</Badge>}</td>
              <td>
                {documented === undefined ? (
                  <Badge tone="warn">not documented</Badge>
                ) : (
                  `${documented}${isRequired ? '' : ', optional'}`
                )}
              </td>
              <td>{releases.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )

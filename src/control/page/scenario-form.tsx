/** The form that makes a scenario. */
import { useEffect, useState } from 'preact/hooks'
import type { Scenario, ScenarioDefinition } from '../types.ts'
import { ask } from './api.ts'
import { parseJson } from './copies.ts'
import { loadScenarios } from './live.ts'
import { Area, Button, Choice, Fault, Form, Input, useWork } from './parts.tsx'
import { createStore, useStore } from './store.ts'

/** A scenario that is to be made, as the journal suggests it. */
export const draft = createStore<ScenarioDefinition | null>(null)

/** The fields of the form, as texts. */
interface ScenarioFields {
  name: string
  operationId: string
  path: string
  method: string
  kind: string
  user: string
  status: string
  latency: string
  skip: string
  count: string
  probability: string
  failure: string
  body: string
  headers: string
}

const EMPTY: ScenarioFields = {
  name: '',
  operationId: '',
  path: '',
  method: '',
  kind: '',
  user: '',
  status: '',
  latency: '',
  skip: '',
  count: '',
  probability: '',
  failure: '',
  body: '',
  headers: '',
}

/** Writes a definition into the fields. */
export function toFields(definition: ScenarioDefinition): ScenarioFields {
  const { latency, reset, damage, body, headers, once, count } = definition
  const text = (value: string | number | undefined) => (value === undefined ? '' : String(value))
  return {
    name: text(definition.name),
    operationId: text(definition.operationId),
    path: text(definition.path),
    method: text(definition.method),
    kind: text(definition.kind),
    user: text(definition.user),
    status: text(definition.status),
    latency: Array.isArray(latency) ? latency.join('-') : text(latency),
    skip: text(definition.skip),
    count: text(once === true ? 1 : count),
    probability: text(definition.probability),
    failure: reset === true ? 'reset' : text(damage),
    body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body, null, 2),
    headers: Object.entries(headers ?? {})
      .map((pair) => pair.join(': '))
      .join('\n'),
  }
}

/** A number, or the text itself, which the control API refuses with its own words. */
const toNumber = (text: string) => (Number.isNaN(Number(text)) ? text : Number(text))

function toLatency(text: string): unknown {
  const [, least, most] = /^\s*(\d+)\s*(?:-|to|–)\s*(\d+)\s*$/.exec(text) ?? []
  return least === undefined ? toNumber(text) : [Number(least), Number(most)]
}

/** Header lines as an object; a line without a colon is a name without a value. */
const toHeaders = (text: string) =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => [
        line.split(':')[0]?.trim() ?? '',
        line.includes(':') ? line.slice(line.indexOf(':') + 1).trim() : '',
      ]),
  )

/** Reads the fields; what is empty is left out. */
export function toDefinition({
  status,
  latency,
  skip,
  count,
  probability,
  failure,
  body,
  headers,
  ...texts
}: ScenarioFields): object {
  const filled = Object.entries(texts).filter(([, text]) => text.trim() !== '')
  const parsed = parseJson(body)
  return {
    ...Object.fromEntries(filled.map(([name, text]) => [name, text.trim()])),
    ...(status.trim() && { status: toNumber(status) }),
    ...(latency.trim() && { latency: toLatency(latency) }),
    ...(skip.trim() && { skip: toNumber(skip) }),
    ...(count.trim() && { count: toNumber(count) }),
    ...(probability.trim() && { probability: toNumber(probability) }),
    ...(failure === 'reset' && { reset: true }),
    ...(['truncated', 'broken'].includes(failure) && { damage: failure }),
    ...(body && { body: parsed === undefined ? body : parsed }),
    ...(headers.trim() && { headers: toHeaders(headers) }),
  }
}

const KIND_OPTIONS = [
  ['', 'every'],
  ['api', 'API'],
  ['oauth', 'OAuth'],
  ['flow', 'flow'],
  ['page', 'page'],
] as const

const FAILURE_OPTIONS = [
  ['', 'a whole answer'],
  ['reset', 'reset the connection'],
  ['truncated', 'half of the body'],
  ['broken', 'a body that is no JSON'],
] as const

/** The form. */
export function ScenarioForm({ names }: { names: readonly string[] }) {
  const suggested = useStore(draft)
  const [fields, setFields] = useState<ScenarioFields>(() => (suggested ? toFields(suggested) : EMPTY))
  const { run, fault, isBusy } = useWork()
  useEffect(() => {
    if (suggested) setFields(toFields(suggested))
    draft.set(null)
  }, [suggested])
  const set = (name: keyof ScenarioFields) => (text: string) => setFields({ ...fields, [name]: text })
  const create = () =>
    run(async () => {
      const scenario = await ask<Scenario>('POST', 'scenarios/', toDefinition(fields))
      await loadScenarios()
      setFields(EMPTY)
      return `Scenario ${scenario.name ?? scenario.id} holds`
    })
  return (
    <Form label="A scenario of your own" onSubmit={() => void create()}>
      <Conditions fields={fields} set={set} names={names} />
      <Effects fields={fields} set={set} />
      <Fault fault={fault} />
      <Button kind="main" disabled={isBusy}>
        Make it hold
      </Button>
      <Button kind="quiet" onClick={() => setFields(EMPTY)}>
        Empty the form
      </Button>
    </Form>
  )
}

/** What both halves of the form have. */
interface FieldsProps {
  fields: ScenarioFields
  set: (name: keyof ScenarioFields) => (text: string) => void
}

const Conditions = ({ fields, set, names }: FieldsProps & { names: readonly string[] }) => (
  <fieldset>
    <legend>For which requests</legend>
    <div class="row">
      <Input
        label="Operation"
        value={fields.operationId}
        onInput={set('operationId')}
        placeholder="core_users_me_retrieve"
      />
      <Input label="Path" value={fields.path} onInput={set('path')} placeholder="/api/v3/core/*" />
      <Input label="Method" value={fields.method} onInput={set('method')} />
      <Choice label="Kind" value={fields.kind} options={KIND_OPTIONS} onChange={set('kind')} />
      <Input label="User" value={fields.user} onInput={set('user')} placeholder="username" />
      <Input label="Skip the first" value={fields.skip} onInput={set('skip')} placeholder="0" />
      <Input label="For how many" value={fields.count} onInput={set('count')} placeholder="all" />
      <Input label="Probability" value={fields.probability} onInput={set('probability')} placeholder="0 to 1" />
      <Input
        label="Named scenario"
        value={fields.name}
        onInput={set('name')}
        list={names.map((name) => ({ value: name }))}
      />
    </div>
  </fieldset>
)

const Effects = ({ fields, set }: FieldsProps) => (
  <fieldset>
    <legend>What they get</legend>
    <div class="row">
      <Input label="Status" value={fields.status} onInput={set('status')} />
      <Input label="Latency in ms" value={fields.latency} onInput={set('latency')} placeholder="200 or 100-900" />
      <Choice label="Failure" value={fields.failure} options={FAILURE_OPTIONS} onChange={set('failure')} />
      <Area label="Body: JSON, or a text as it is" rows={4} value={fields.body} onInput={set('body')} />
      <Area label="Headers, one in each line" rows={2} value={fields.headers} onInput={set('headers')} />
    </div>
  </fieldset>
)

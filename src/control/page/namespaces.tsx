/** The section of namespaces: worlds beside each other. */
import { useEffect, useState } from 'preact/hooks'
import type { NamespaceRecord } from '../types.ts'
import { ask, place, rootAddressOf } from './api.ts'
import { formatCount } from './format.ts'
import { Badge, Button, Fault, Form, Heading, Input, Moment, useWork } from './parts.tsx'

/** Where the page of a namespace is; of none for null. */
const pageOf = (name: string | null) =>
  name === null ? `${place.root}/-/mock/` : `${place.root}/-/mock/ns/${encodeURIComponent(name)}/-/mock/`

/** The section. */
export function Namespaces({ hasFocus }: { hasFocus: boolean }) {
  const [list, setList] = useState<readonly NamespaceRecord[]>([])
  const [name, setName] = useState('')
  const { run, fault } = useWork()
  const load = async () => setList(await ask<NamespaceRecord[]>('GET', rootAddressOf('namespaces/')))
  useEffect(() => void run(load), [])
  const remove = (unwanted: string) =>
    run(async () => {
      await ask('DELETE', rootAddressOf(`namespaces/${encodeURIComponent(unwanted)}/`))
      if (unwanted === place.namespace) location.assign(pageOf(null))
      await load()
      return `Namespace ${unwanted} is deleted`
    })
  return (
    <>
      <Heading hasFocus={hasFocus}>Namespaces</Heading>
      <p>
        A namespace has a world, a clock, scenarios and a journal of its own. A request is in it that has the header{' '}
        <code>X-Authentik-Mock-Namespace</code>, or a path below <code>{`${place.root}/-/mock/ns/NAME`}</code>.
      </p>
      <ul class="cards">
        <li class="card">
          <NamespaceLink name={null} />
        </li>
        {list.map((record) => (
          <li class="card" key={record.name}>
            <div class="row spread">
              <NamespaceLink name={record.name} />
              <Button kind="danger" label={`Delete ${record.name}`} onClick={() => void remove(record.name)}>
                Delete
              </Button>
            </div>
            <p class="note">
              {formatCount(record.requests, 'request')}, last used <Moment instant={record.used} />
            </p>
          </li>
        ))}
      </ul>
      <Form label="Open a namespace" onSubmit={() => location.assign(pageOf(name.trim()))}>
        <Input label="Name" value={name} onInput={setName} required />
        <Button>Open</Button>
      </Form>
      <div class="row">
        <Button kind="quiet" onClick={() => void run(load)}>
          Look again
        </Button>
      </div>
      <Fault fault={fault} />
    </>
  )
}

const NamespaceLink = ({ name }: { name: string | null }) => (
  <span class="line">
    <a href={pageOf(name)}>{name ?? 'no namespace'}</a>
    {name === place.namespace && <Badge tone="good">this one</Badge>}
  </span>
)

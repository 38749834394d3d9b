/** What is done with the world as a whole. */
import { useEffect, useState } from 'preact/hooks'
import type { Difference } from '../types.ts'
import { addressOf, ask } from './api.ts'
import { formatCount, formatName, formatValue } from './format.ts'
import { loadAll } from './live.ts'
import { Button, Choice, Fault, Form, Input, Moment, useWork } from './parts.tsx'

/** A snapshot that was taken. */
interface SnapshotRecord {
  id: string
  taken: string
}

/** The tools. */
export const WorldTools = () => (
  <>
    <Differences />
    <Snapshots />
    <File />
    <Seed />
  </>
)

/** What differs from the start, and the way back to it. */
function Differences() {
  const [difference, setDifference] = useState<Difference | null>(null)
  const { run, fault, isBusy } = useWork()
  const show = () => run(async () => setDifference(await ask<Difference>('GET', 'difference/')))
  const reset = () =>
    run(async () => {
      await ask('POST', 'reset/')
      setDifference(null)
      await loadAll()
      return 'The world is as it was at the start'
    })
  return (
    <section class="card" aria-labelledby="difference-title">
      <h3 id="difference-title">Since the start</h3>
      <div class="row">
        <Button disabled={isBusy} onClick={() => void show()}>
          Show what differs
        </Button>
        <Button kind="danger" disabled={isBusy} onClick={() => void reset()}>
          Reset
        </Button>
      </div>
      <Fault fault={fault} />
      {difference && <DifferenceList difference={difference} />}
    </section>
  )
}

function DifferenceList({ difference }: { difference: Difference }) {
  const changed = Object.entries(difference).filter(
    ([, { created, updated, deleted }]) => created.length + updated.length + deleted.length > 0,
  )
  if (changed.length === 0) return <p role="status">Nothing differs.</p>
  return (
    <div role="status">
      {changed.map(([resource, { created, updated, deleted }]) => (
        <details key={resource}>
          <summary>
            {formatName(resource)}: {created.length} created, {updated.length} updated, {deleted.length} deleted
          </summary>
          <ul class="difference">
            {created.map((row, index) => (
              <li key={`created ${index}`}>
                <ins>+ {formatValue(row, 300)}</ins>
              </li>
            ))}
            {updated.map((update) => (
              <li key={`updated ${update.key}`}>
                {update.key}: <UpdatedFields update={update} />
              </li>
            ))}
            {deleted.map((row, index) => (
              <li key={`deleted ${index}`}>
                <del>− {formatValue(row, 300)}</del>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </div>
  )
}

function UpdatedFields({ update }: { update: Difference[string]['updated'][number] }) {
  const [old, fresh] = [new Map(Object.entries(update.before)), new Map(Object.entries(update.after))]
  const names = [...new Set([...old.keys(), ...fresh.keys()])].filter(
    (name) => JSON.stringify(old.get(name)) !== JSON.stringify(fresh.get(name)),
  )
  return (
    <>
      {names.map((name) => (
        <span key={name} class="change">
          {name} <del>{formatValue(old.get(name), 120)}</del> <ins>{formatValue(fresh.get(name), 120)}</ins>
        </span>
      ))}
    </>
  )
}

/** States of the world to go back to. */
function Snapshots() {
  const [list, setList] = useState<readonly SnapshotRecord[]>([])
  const { run, fault, isBusy } = useWork()
  const load = async () => setList(await ask<SnapshotRecord[]>('GET', 'snapshots/'))
  useEffect(() => void run(load), [])
  const act = (method: string, path: string, outcome: string) =>
    run(async () => {
      await ask(method, path)
      await Promise.all([load(), loadAll()])
      return outcome
    })
  return (
    <section class="card" aria-labelledby="snapshots-title">
      <h3 id="snapshots-title">Snapshots</h3>
      <div class="row">
        <Button disabled={isBusy} onClick={() => void act('POST', 'snapshots/', 'A snapshot is taken')}>
          Take a snapshot
        </Button>
      </div>
      <Fault fault={fault} />
      <ul class="list">
        {list.map(({ id, taken }) => (
          <li key={id} class="row spread">
            <span>
              <code>{id}</code> <Moment instant={taken} />
            </span>
            <span class="row">
              <Button
                label={`Restore ${id}`}
                onClick={() => void act('POST', `snapshots/${encodeURIComponent(id)}/restore/`, `Restored ${id}`)}
              >
                Restore
              </Button>
              <Button
                kind="danger"
                label={`Delete ${id}`}
                onClick={() => void act('DELETE', `snapshots/${encodeURIComponent(id)}/`, `Deleted ${id}`)}
              >
                Delete
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The world as a file. */
function File() {
  const [mode, setMode] = useState('PUT')
  const { run, fault } = useWork()
  const load = (input: HTMLInputElement) =>
    run(async () => {
      const file = input.files?.[0]
      if (!file) return undefined
      try {
        // As it is: whether it is a world the mock says, with the path of what is wrong.
        await ask(mode, 'world/', await file.text())
      } finally {
        // The same file may be chosen again after it was mended.
        input.value = ''
      }
      await loadAll()
      return `Loaded ${file.name}, ${formatCount(file.size, 'byte')}`
    })
  return (
    <section class="card" aria-labelledby="file-title">
      <h3 id="file-title">File</h3>
      <div class="row">
        <a class="button" href={addressOf('world/')} download="world.json">
          Download the world
        </a>
        <Choice
          label="A file that is loaded"
          value={mode}
          options={[
            ['PUT', 'replaces the world'],
            ['PATCH', 'is merged into it'],
          ]}
          onChange={setMode}
        />
        <label class="field">
          <span>Load a file</span>
          <input
            type="file"
            accept=".json,application/json"
            onChange={({ currentTarget }) => void load(currentTarget)}
          />
        </label>
      </div>
      <Fault fault={fault} />
    </section>
  )
}

/** A world from another seed. */
function Seed() {
  const [seed, setSeed] = useState('')
  const [codes, setCodes] = useState('')
  const { run, fault, isBusy } = useWork()
  const plant = () =>
    run(async () => {
      await ask('POST', 'seed/', { ...(seed && { seed: Number(seed) }), ...(codes && { codes: Number(codes) }) })
      await loadAll()
      return 'The world is seeded anew'
    })
  return (
    <section class="card" aria-labelledby="seed-title">
      <h3 id="seed-title">Seed anew</h3>
      <Form label="Seed anew" onSubmit={() => void plant()}>
        <Input label="Seed" type="number" value={seed} onInput={setSeed} required />
        <Input label="Codes" type="number" value={codes} onInput={setCodes} placeholder="20" />
        <Button kind="danger" disabled={isBusy}>
          Seed
        </Button>
      </Form>
      <Fault fault={fault} />
    </section>
  )
}

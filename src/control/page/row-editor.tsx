/** One row of the world, as JSON to change. */
import { useEffect, useState } from 'preact/hooks'
import { ask, ControlError } from './api.ts'
import { status } from './live.ts'
import { Area, Button, Fault, Form, Heading, useWork } from './parts.tsx'
import { go, noteRoute, toHash } from './routes.ts'
import { useStore } from './store.ts'
import { keyFieldOf, NEW } from './rows.ts'

type Row = Record<string, unknown>

/** Reads what was entered. @throws ControlError for what is no object of JSON */
function readRow(text: string): Row {
  let row: unknown
  try {
    row = JSON.parse(text)
  } catch (error) {
    throw new ControlError(0, { detail: `This is no JSON: ${String(error)}`, problems: [] })
  }
  if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row as Row
  throw new ControlError(0, { detail: 'A row is an object: { … }', problems: [] })
}

/** What of a row differs from what it was: only that is sent, so that nothing else is set back. */
export function changesOf(old: Row, fresh: Row): Row {
  const isEqual = (name: string) => JSON.stringify(old[name]) === JSON.stringify(fresh[name])
  return Object.fromEntries(Object.entries(fresh).filter(([name]) => !isEqual(name)))
}

/** The editor of a row, or of one that is to be made. */
export function RowEditor({ resource, rowKey }: { resource: string; rowKey: string }) {
  const isNew = rowKey === NEW
  const path = `world/${encodeURIComponent(resource)}/`
  const rowPath = `${path}${encodeURIComponent(rowKey)}/`
  const [row, setRow] = useState<Row | null>(isNew ? {} : null)
  const [text, setText] = useState('{}')
  const keyField = keyFieldOf(resource, useStore(status))
  const { run, fault, isBusy } = useWork()
  const show = (fresh: Row) => {
    setRow(fresh)
    setText(JSON.stringify(fresh, null, 2))
  }
  useEffect(() => {
    if (!isNew) void run(async () => show(await ask<Row>('GET', rowPath)))
  }, [rowPath])
  const save = () =>
    run(async () => {
      const fresh = readRow(text)
      const isHere = noteRoute()
      const saved = await (isNew
        ? ask<Row>('POST', path, fresh)
        : ask<Row>('PATCH', rowPath, changesOf(row ?? {}, fresh)))
      const savedKey = String(saved[keyField] ?? rowKey)
      show(saved)
      // The key itself may be what was changed.
      if (savedKey !== rowKey && isHere()) go('world', resource, savedKey)
      return `Saved ${savedKey} of ${resource}`
    })
  const remove = () =>
    run(async () => {
      const isHere = noteRoute()
      await ask('DELETE', rowPath)
      if (isHere()) go('world', resource)
      return `Deleted ${rowKey} of ${resource}`
    })
  return (
    <section class="card details" aria-labelledby="row-title">
      <div class="row spread">
        <Heading id="row-title" isInner hasFocus>
          {isNew ? `New row of ${resource}` : `${resource}: ${rowKey}`}
        </Heading>
        <a class="button quiet" href={toHash('world', resource)}>
          Close
        </a>
      </div>
      <Fault fault={fault} />
      {row && (
        <Form label="The row" onSubmit={() => void save()}>
          <Area label="The row as JSON" value={text} onInput={setText} rows={16} />
          <Button kind="main" disabled={isBusy}>
            {isNew ? 'Create' : 'Save'}
          </Button>
          {!isNew && (
            <Button kind="danger" disabled={isBusy} onClick={() => void remove()}>
              Delete
            </Button>
          )}
        </Form>
      )}
    </section>
  )
}

/** The section of the world: its rows, who can log in, and what it was. */
import { useEffect, useState } from 'preact/hooks'
import { formatCount, formatName, formatValue } from './format.ts'
import { change, status } from './live.ts'
import { Badge, Button, Fault, Heading, Input, Scroll, useWork } from './parts.tsx'
import { People } from './people.tsx'
import { toHash } from './routes.ts'
import { RowEditor } from './row-editor.tsx'
import { useStore } from './store.ts'
import { keyFieldOf, loadRows, NEW, type RowPage } from './rows.ts'
import { WorldTools } from './world-tools.tsx'

/** How many rows a table shows at once. */
const PAGE_SIZE = 25

/** The section, with a resource and a row open or none. */
export function World({ resource, rowKey, hasFocus }: { resource?: string; rowKey?: string; hasFocus: boolean }) {
  return (
    <>
      <Heading hasFocus={hasFocus && resource === undefined}>World</Heading>
      <Resources open={resource} />
      {resource === undefined ? (
        <>
          <People />
          <WorldTools />
        </>
      ) : (
        <>
          {rowKey !== undefined && <RowEditor key={`${resource}/${rowKey}`} resource={resource} rowKey={rowKey} />}
          <Rows key={resource} resource={resource} hasFocus={hasFocus && rowKey === undefined} />
        </>
      )}
    </>
  )
}

/** The resources, each with how many rows it has. */
function Resources({ open }: { open: string | undefined }) {
  const rows = useStore(status)?.rows ?? {}
  return (
    <nav aria-label="Resources" class="resources">
      <a href={toHash('world')} aria-current={open === undefined ? 'page' : undefined}>
        People and state
      </a>
      {Object.entries(rows).map(([name, count]) => (
        <a key={name} href={toHash('world', name)} aria-current={name === open ? 'page' : undefined}>
          {formatName(name)} <small>{count}</small>
        </a>
      ))}
    </nav>
  )
}

/** Loads a page of rows, anew when one of them may have changed. */
function useRows(resource: string, search: string, offset: number) {
  const [page, setPage] = useState<RowPage | null>(null)
  const { count, resources } = useStore(change)
  const { run, fault } = useWork()
  const isMeant = resources.length === 0 || resources.includes(resource)
  const changes = isMeant ? count : 0
  useEffect(() => {
    const timer = setTimeout(
      () => void run(async () => setPage(await loadRows(resource, { search, limit: PAGE_SIZE, offset }))),
      page ? 200 : 0,
    )
    return () => clearTimeout(timer)
  }, [resource, search, offset, changes])
  return { page, fault }
}

/** The rows of a resource. */
function Rows({ resource, hasFocus }: { resource: string; hasFocus: boolean }) {
  const [search, setSearch] = useState('')
  const [offset, setOffset] = useState(0)
  const { page, fault } = useRows(resource, search, offset)
  const key = keyFieldOf(resource, useStore(status))
  const seek = (text: string) => {
    setSearch(text)
    setOffset(0)
  }
  return (
    <section aria-labelledby="rows-title">
      <Heading id="rows-title" isInner hasFocus={hasFocus}>
        {formatName(resource)}
      </Heading>
      <div class="row">
        <Input label="Search" type="search" value={search} onInput={seek} />
        <a class="button" href={toHash('world', resource, NEW)}>
          New row
        </a>
      </div>
      <Fault fault={fault} />
      {page && (
        <>
          <p class="note" role="status">
            {formatCount(page.count, 'row')}
          </p>
          {page.rows.length > 0 && <RowTable resource={resource} keyField={key} rows={page.rows} />}
          <div class="row">
            {offset > 0 && <Button onClick={() => setOffset(Math.max(0, offset - PAGE_SIZE))}>Earlier</Button>}
            {offset + PAGE_SIZE < page.count && <Button onClick={() => setOffset(offset + PAGE_SIZE)}>Later</Button>}
          </div>
        </>
      )}
    </section>
  )
}

/** Fields that say most of a row, before all others. */
const FIRST_FIELDS = [
  'name',
  'username',
  'slug',
  'title',
  'user',
  'provider',
  'application',
  'state',
  'expires',
  'scope',
]

/** How many columns a table has. */
const COLUMNS = 6

function columnsOf(rows: RowPage['rows'], key: string): string[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => name !== key)
  const first = FIRST_FIELDS.filter((name) => names.includes(name))
  return [...new Set([...first, ...names])].slice(0, COLUMNS)
}

function RowTable({ resource, keyField, rows }: { resource: string; keyField: string; rows: RowPage['rows'] }) {
  const columns = columnsOf(rows, keyField)
  return (
    <Scroll label={`Rows of ${resource}`}>
      <table>
        <thead>
          <tr>
            {[keyField, ...columns].map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={String(row[keyField])}>
              <th scope="row">
                <a href={toHash('world', resource, String(row[keyField]))}>{formatValue(row[keyField], 40)}</a>
              </th>
              {columns.map((name) => (
                <td key={name}>{row[name] === null ? <Badge>null</Badge> : formatValue(row[name], 48)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

/** What all sections are made of. */
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { ControlError } from './api.ts'
import { formatBody, formatInstant } from './format.ts'
import { clock, worldNow } from './live.ts'
import { createStore, useStore } from './store.ts'

/** What was last done, for who cannot see it. */
export const announcement = createStore('')

/** Tells what was done. */
export const announce = (text: string): void => announcement.set(text)

/** How work goes that a person started. */
export interface Work {
  isBusy: boolean
  fault: ControlError | null
  /** Does it, and says afterwards what was done, where the work gives a text. */
  run(work: () => Promise<string | void>): Promise<void>
}

/** Work that a person starts, and the fault that it ended with. */
export function useWork(): Work {
  const [isBusy, setBusy] = useState(false)
  const [fault, setFault] = useState<ControlError | null>(null)
  const run = async (work: () => Promise<string | void>) => {
    const pressed = document.activeElement
    setBusy(true)
    setFault(null)
    try {
      const text = await work()
      if (text) announce(text)
    } catch (error) {
      setFault(toControlError(error))
    } finally {
      setBusy(false)
      requestAnimationFrame(() => keepFocus(pressed))
    }
  }
  return { isBusy, fault, run }
}

/** Has the keyboard go on at the top of the section when what was pressed is there no more, such as a deleted row. */
function keepFocus(pressed: Element | null): void {
  if (pressed?.isConnected !== false || document.activeElement !== document.body) return
  document.querySelector<HTMLElement>('main h2')?.focus({ preventScroll: true })
}

const toControlError = (error: unknown) =>
  error instanceof ControlError
    ? error
    : new ControlError(0, { detail: error instanceof Error ? error.message : String(error), problems: [] })

/** What was wrong, beside what was entered. */
export function Fault({ fault }: { fault: ControlError | null }) {
  if (!fault) return null
  return (
    <div class="fault" role="alert">
      <p>{fault.message}</p>
      {fault.problems.length > 0 && (
        <ul>
          {fault.problems.map((problem, index) => (
            <li key={index}>{problem}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** What a button is. */
interface ButtonProps {
  children: ComponentChildren
  kind?: 'main' | 'danger' | 'quiet'
  /** What it does, where its text alone does not say with what. */
  label?: string
  disabled?: boolean
  onClick?: () => void
}

/** A button; without `onClick` it submits its form. */
export function Button({ children, kind, label, disabled, onClick }: ButtonProps) {
  return (
    <button
      type={onClick ? 'button' : 'submit'}
      class={kind}
      aria-label={label}
      // A button that is disabled while it works would lose the keyboard's focus.
      aria-disabled={disabled}
      onClick={disabled ? undefined : onClick}
    >
      {children}
    </button>
  )
}

/** Copies a text. A page that is no secure context has no clipboard but the old one. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'unseen'
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}

/** Copies what `text` gives when it is pressed. */
export function Copy({ text, children, label }: { text: string | (() => string); children?: string; label?: string }) {
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    const timer = isCopied ? setTimeout(() => setCopied(false), 1500) : undefined
    return () => clearTimeout(timer)
  }, [isCopied])
  const name = children ?? 'Copy'
  const copy = async () => {
    await copyText(typeof text === 'string' ? text : text())
    setCopied(true)
    announce(`Copied: ${label ?? name}`)
  }
  return (
    <Button kind="quiet" onClick={() => void copy()} {...(label !== undefined && { label })}>
      {isCopied ? 'Copied' : name}
    </Button>
  )
}

/** What an input is. */
interface InputProps {
  label: string
  value: string
  onInput: (value: string) => void
  /** What is suggested. */
  list?: readonly { value: string; label?: string }[]
  type?: 'text' | 'search' | 'number'
  placeholder?: string
  required?: boolean
}

/** A line of text with its label. */
export function Input({ label, value, onInput, list, type = 'text', placeholder, required }: InputProps) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type={type}
        value={value}
        placeholder={placeholder}
        required={required}
        autocomplete="off"
        spellcheck={false}
        list={list && `${id}-list`}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      {list && (
        <datalist id={`${id}-list`}>
          {list.map((option) => (
            <option key={option.value} value={option.value} label={option.label} />
          ))}
        </datalist>
      )}
    </div>
  )
}

/** What a choice is. */
interface ChoiceProps {
  label: string
  value: string
  options: readonly (readonly [value: string, text: string])[]
  onChange: (value: string) => void
}

/** One of several. */
export function Choice({ label, value, options, onChange }: ChoiceProps) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  )
}

/** Several lines of text with their label. */
export function Area({
  label,
  value,
  onInput,
  rows = 8,
}: Pick<InputProps, 'label' | 'value' | 'onInput'> & { rows?: number }) {
  const id = useId()
  return (
    <div class="field wide">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        rows={rows}
        spellcheck={false}
        autocomplete="off"
        value={value}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
    </div>
  )
}

/** A form that does work instead of leaving the page. */
export function Form({
  children,
  label,
  onSubmit,
}: {
  children: ComponentChildren
  label: string
  onSubmit: () => void
}) {
  const submit = (event: Event) => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <form class="row" aria-label={label} onSubmit={submit}>
      {children}
    </form>
  )
}

/** The tone in which a state is shown; its text says the same. */
export type Tone = 'good' | 'warn' | 'bad' | 'plain'

/** A short state. */
export const Badge = ({ tone = 'plain', children }: { tone?: Tone; children: ComponentChildren }) => (
  <span class={`badge ${tone}`}>{children}</span>
)

/** A status of HTTP; 0 for none. */
export function StatusBadge({ status }: { status: number | undefined }) {
  if (!status) return <Badge tone="bad">reset</Badge>
  return <Badge tone={status < 300 ? 'good' : status < 400 ? 'plain' : status < 500 ? 'warn' : 'bad'}>{status}</Badge>
}

/** An instant; the whole of it stands in its title. */
export const Moment = ({ instant }: { instant: string }) => (
  <time dateTime={instant} title={instant}>
    {formatInstant(instant)}
  </time>
)

/** A body, with what it says about itself. */
export const Body = ({ text, label }: { text: string; label: string }) => (
  <Scroll label={label}>
    <pre>{text === '' ? '(empty)' : formatBody(text)}</pre>
  </Scroll>
)

/** What may be wider than the page; the keyboard scrolls it too. */
export const Scroll = ({ label, children }: { label: string; children: ComponentChildren }) => (
  <div class="scroll" role="region" aria-label={label} tabIndex={0}>
    {children}
  </div>
)

/** Shows more of a list. */
export const More = ({ onClick }: { onClick: () => void }) => (
  <div class="row">
    <Button onClick={onClick}>Show more</Button>
  </div>
)

/** What a heading is. */
interface HeadingProps {
  children: ComponentChildren
  id?: string
  /** Whether a person came here by a link, so that the heading is read next. */
  hasFocus: boolean
  isInner?: boolean
}

/** The heading of a section, or of what is open in it. */
export function Heading({ children, id, hasFocus, isInner }: HeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  const Level = isInner ? 'h3' : 'h2'
  // Before it is painted: who types into a field that they see keeps it.
  useLayoutEffect(() => {
    if (hasFocus) heading.current?.focus()
  }, [hasFocus])
  return (
    <Level id={id} ref={heading} tabIndex={-1}>
      {children}
    </Level>
  )
}

/** What the clock of the world shows, each second anew; undefined while it is not known. */
export function useWorldNow(): number | undefined {
  const reading = useStore(clock)
  const [, setTick] = useState(0)
  useEffect(() => {
    if (!reading || reading.frozen) return undefined
    const timer = setInterval(() => setTick((tick) => tick + 1), 1000)
    return () => clearInterval(timer)
  }, [reading])
  return reading ? worldNow(reading) : undefined
}

/** The picture of a user: none from elsewhere is loaded, the first letters stand for it. */
export function Avatar({ avatar, name }: { avatar: string; name: string }) {
  const isInline = typeof avatar === 'string' && avatar.startsWith('data:image/')
  const letters = name
    .split(/\s+/)
    .map((word) => [...word][0] ?? '')
    .slice(0, 2)
    .join('')
  return isInline ? (
    <img class="avatar" src={avatar} alt="" width="40" height="40" />
  ) : (
    <span class="avatar letters" aria-hidden="true">
      {letters}
    </span>
  )
}

/** The section of scenarios: what is to go wrong. */
import { useEffect, useState } from 'preact/hooks'
import type { NamedScenario, Scenario } from '../types.ts'
import { ask } from './api.ts'
import { formatCount } from './format.ts'
import { loadScenarios, scenarios } from './live.ts'
import { Button, Fault, Heading, useWork } from './parts.tsx'
import { ScenarioForm } from './scenario-form.tsx'
import { useStore } from './store.ts'

/** The section. */
export function Scenarios({ hasFocus }: { hasFocus: boolean }) {
  const [catalogue, setCatalogue] = useState<readonly NamedScenario[]>([])
  const active = useStore(scenarios)
  const { run, fault } = useWork()
  useEffect(() => {
    void run(async () => setCatalogue((await ask<Record<'named', NamedScenario[]>>('GET', 'scenarios/')).named))
  }, [])
  const end = (path: string, outcome: string) =>
    run(async () => {
      await ask('DELETE', path)
      await loadScenarios()
      return outcome
    })
  return (
    <>
      <Heading hasFocus={hasFocus}>Scenarios</Heading>
      <Fault fault={fault} />
      <h3>What holds now</h3>
      {active.length === 0 && <p class="note">Nothing: every request is answered as authentik answers it.</p>}
      <ul class="cards">
        {active.map((scenario) => (
          <ActiveScenario
            key={scenario.id}
            scenario={scenario}
            end={() => void end(`scenarios/${encodeURIComponent(scenario.id)}/`, `Scenario ${nameOf(scenario)} ended`)}
          />
        ))}
      </ul>
      {active.length > 0 && (
        <div class="row">
          <Button onClick={() => void end('scenarios/', 'No scenario holds')}>End all</Button>
        </div>
      )}
      <h3>By name</h3>
      <ul class="cards">
        {catalogue.map((scenario) => (
          <Switch key={scenario.name} scenario={scenario} active={active} />
        ))}
      </ul>
      <h3>Your own</h3>
      <div class="card">
        <ScenarioForm names={catalogue.map(({ name }) => name)} />
      </div>
    </>
  )
}

/** What a scenario was defined by. */
const toText = (scenario: Scenario) =>
  JSON.stringify(Object.fromEntries(Object.entries(scenario).filter(([name]) => name !== 'id' && name !== 'struck')))

const nameOf = ({ name, id }: Scenario) => name ?? id

/** Turns a named scenario on and off. */
function Switch({ scenario: { name, description }, active }: { scenario: NamedScenario; active: readonly Scenario[] }) {
  const { run, fault, isBusy } = useWork()
  const holding = active.filter((scenario) => scenario.name === name)
  const isOn = holding.length > 0
  const toggle = () =>
    run(async () => {
      if (isOn) for (const { id } of holding) await ask('DELETE', `scenarios/${encodeURIComponent(id)}/`)
      else await ask('POST', 'scenarios/', { name })
      await loadScenarios()
      return `Scenario ${name} ${isOn ? 'ended' : 'holds'}`
    })
  return (
    <li class="card switch-card">
      <button
        type="button"
        role="switch"
        aria-checked={isOn}
        aria-disabled={isBusy}
        onClick={isBusy ? undefined : () => void toggle()}
      >
        <span class="switch" aria-hidden="true" />
        {name}
      </button>
      <p>{description}</p>
      <Fault fault={fault} />
    </li>
  )
}

function ActiveScenario({ scenario, end }: { scenario: Scenario; end: () => void }) {
  const { struck } = scenario
  return (
    <li class="card">
      <div class="row spread">
        <strong>{nameOf(scenario)}</strong>
        <Button label={`End ${nameOf(scenario)}`} onClick={end}>
          End
        </Button>
      </div>
      <p class="note">It struck {formatCount(struck, 'time')}.</p>
      <code class="definition">{toText(scenario)}</code>
    </li>
  )
}

/** authentik-mock/control: a mock with a journal, scenarios, namespaces, and a control API. */
export { control, type ControlledMock, type ControlOptions, type ScenarioList } from '../control/control.ts'
export type { Journal, Telling, Waiting } from '../control/journal.ts'
export type {
  ClockChange,
  ClockState,
  ControlEvent,
  ControlFault,
  Difference,
  GrantKind,
  GrantRecord,
  GrantRequest,
  GrantStep,
  JournalEntry,
  JournalFilter,
  MintedGrant,
  MockStatus,
  NamedScenario,
  NamedValue,
  NamespaceRecord,
  OperationRecord,
  Outcome,
  RequestKind,
  RowChange,
  Scenario,
  ScenarioDefinition,
} from '../control/types.ts'

/** The way through a flow, drawn; loaded when asked for. */
import type { World } from '../../store/world.ts'
import type { Flow } from '../resources/flows.ts'
import { stagesOfFlow } from './stages.ts'

const END = 'done[["End of the flow"]]'

/** The way through a flow, as Mermaid draws it. Policies are none of it. */
export function drawWay(flow: Flow, world: World): string {
  const asks = flow.authentication !== 'none'
  const requirement = [
    `flow_auth_requirement["Flow authentication requirement\n${flow.authentication}"]`,
    `flow_auth_requirement --Requirement not fulfilled--> ${END}`,
    'flow_auth_requirement --Requirement fulfilled--> flow_start["placeholder"]',
  ]
  const stages = stagesOfFlow(flow, world).map(([name, kind], index) => `stage_${index}(["Stage (${kind})\n${name}"])`)
  const way = [...stages, END]
  return [
    'graph TD',
    ...(asks ? requirement : []),
    `flow_start[["Flow\n${flow.name}"]]`,
    ...way.map((step, index) => `${index === 0 ? 'flow_start' : `stage_${index - 1}`} --> ${step}`),
  ].join('\n')
}

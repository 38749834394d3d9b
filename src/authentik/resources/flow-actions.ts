/** What can be asked of flows beside what they are: what is cached of them, and a picture of their way. */
import { operation } from '../../rest/operation.ts'
import { permissionDenied } from '../../rest/errors.ts'
import { rowAction } from '../../rest/viewset-operations.ts'
import { component, integer, readOnly, text } from '../../schema/words.ts'
import { once } from '../../store/lazily.ts'
import { flowsViewset, type Flow } from './flows.ts'
import { stagesOfFlow } from './listed-stages.ts'

const Cache = once(() => component('Cache', { count: readOnly(integer()) }))
const FlowDiagram = once(() => component('FlowDiagram', { diagram: readOnly(text()) }))

const END = 'done[["End of the flow"]]'

/** The way through a flow, as Mermaid draws it. Policies are none of it. */
function drawWay(flow: Flow, names: readonly (readonly [name: string, kind: string])[]): string {
  const asks = flow.authentication !== 'none'
  const requirement = [
    `flow_auth_requirement["Flow authentication requirement\n${flow.authentication}"]`,
    `flow_auth_requirement --Requirement not fulfilled--> ${END}`,
    'flow_auth_requirement --Requirement fulfilled--> flow_start["placeholder"]',
  ]
  const stages = names.map(([name, kind], index) => `stage_${index}(["Stage (${kind})\n${name}"])`)
  const way = [...stages, END]
  return [
    'graph TD',
    ...(asks ? requirement : []),
    `flow_start[["Flow\n${flow.name}"]]`,
    ...way.map((step, index) => `${index === 0 ? 'flow_start' : `stage_${index - 1}`} --> ${step}`),
  ].join('\n')
}

/** What can be asked of flows beside what they are. */
export const operations = [
  operation({
    id: 'flows_instances_cache_info_retrieve',
    method: 'GET',
    tag: 'flows',
    parameters: {},
    view: {
      path: '/flows/instances/cache_info/',
      name: 'Cache info',
      description: 'Info about cached flows',
      open: 'users',
    },
    summary: 'Shows how many plans are cached: none, because each is made anew.',
    get responses() {
      return { 200: Cache() }
    },
    resolve({ caller }) {
      if (!caller.may('view_flow_cache')) throw permissionDenied()
      return { count: 0 }
    },
  }),
  rowAction(flowsViewset, {
    id: 'flows_instances_diagram_retrieve',
    method: 'GET',
    name: 'diagram',
    summary: 'Draws the way through a flow.',
    description: 'Return diagram for flow with slug `slug`, in the format used by flowchart.js',
    responses: () => ({ 200: FlowDiagram() }),
    resolve: (flow: Flow, { world }) => ({ diagram: drawWay(flow, stagesOfFlow(flow, world)) }),
  }),
]

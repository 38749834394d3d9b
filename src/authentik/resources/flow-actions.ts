/** What can be asked of flows beside what they are: what is cached of them, and a picture of their way. */
import { operation } from '../../rest/operation.ts'
import { permissionDenied } from '../../rest/errors.ts'
import { rowAction } from '../../rest/viewset-operations.ts'
import { component, integer, readOnly, text } from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'
import { flowsViewset, type Flow } from './flows.ts'

const Cache = once(() => component('Cache', { count: readOnly(integer()) }))
const FlowDiagram = once(() => component('FlowDiagram', { diagram: readOnly(text()) }))

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
    async resolve(flow: Flow, { world }) {
      const { drawWay } = await import('../answers/stages.ts')
      return { diagram: drawWay(flow, world) }
    },
  }),
]

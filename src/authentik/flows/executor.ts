/** The flow executor: one challenge after the other, in JSON (docs/authentik.md#flow-executor). */
import { baseOf, type Header, type Reply } from '../../http/message.ts'
import { createRandom } from '../../store/random.ts'
import type { World } from '../../store/world.ts'
import { isObject } from '../../schema/json.ts'
import { checkCsrf } from '../auth/csrf.ts'
import { sessionOf } from '../auth/sessions.ts'
import { behaviourIn, empty, redirect, type OAuthContext, type OAuthEndpoint } from '../oidc/endpoint.ts'
import { flows, type Flow } from '../resources/flows.ts'
import { BACKGROUND, backgroundUrlOf, DEFAULT_FLOWS } from '../resources/default-flows.ts'
import { addressOfFile } from '../static-files.ts'
import { browserSessionOf, cookiesOf, type BrowserSession } from './browser-session.ts'
import { stagesOf, type Plan } from './plan.ts'
import { STAGES, type Outcome, type StageContext, type StageErrors } from './stages.ts'

const ALLOW: Header = ['Allow', 'GET, POST, HEAD, OPTIONS']
const FRAME: Header = ['X-Frame-Options', 'SAMEORIGIN']
const DEFAULT_AVATAR = '/static/dist/assets/images/user_default.png'

/** The parameters that a flow was entered with, which the executor is told in one. */
const entryOf = ({ call }: OAuthContext) => new URLSearchParams(new URLSearchParams(call.query).get('query') ?? '')

function reply(
  context: OAuthContext,
  session: BrowserSession,
  value: object,
  headers: readonly Header[] = [ALLOW],
): Reply {
  return {
    status: 200,
    headers: [['Content-Type', 'application/json'], ...headers, FRAME, ...cookiesOf(session, context)],
    body: JSON.stringify(value),
  }
}

/** Where a solved stage sends: to the same address. */
function again(context: OAuthContext, session: BrowserSession): Reply {
  const { call } = context
  const location = `${baseOf(call)}${call.path}${call.query && `?${call.query}`}`
  return redirect(location, [ALLOW, FRAME, ...cookiesOf(session, context)])
}

/** What a page cannot go on from: its session lacks what a page must show, or what it sent is no JSON. */
const flowError = (context: OAuthContext, session: BrowserSession) =>
  reply(context, session, {
    ...typeIn(context, 'native'),
    component: 'ak-stage-flow-error',
    request_id: context.world.random.uuid(false),
  })

/** The kind of a challenge, which releases until 2024.6 say. */
const typeIn = (context: OAuthContext, type: string) => (behaviourIn(context).hasChallengeKey('type') ? { type } : {})

function flowInfo(context: OAuthContext, plan: Pick<Plan, 'flow' | 'application' | 'isBare'>) {
  const { flow, application } = plan
  const next = entryOf(context).get('next')
  const { hasChallengeKey, cancelUrlHasNext } = behaviourIn(context)
  const cancelUrl = `${baseOf(context.call)}/flows/-/cancel/`
  // A plan without what a client asked for has nothing to put there.
  const name = application?.name ?? (plan.isBare ? '' : undefined)
  return {
    title: name === undefined ? flow.title : flow.title.replaceAll('%(app)s', name).trimEnd(),
    background: addressOfFile(backgroundUrlOf(flow, context as never), context),
    ...(hasChallengeKey('background_themed_urls') ? { background_themed_urls: null } : {}),
    cancel_url: cancelUrlHasNext && next ? `${cancelUrl}?next=${encodeURIComponent(next)}` : cancelUrl,
    layout: flow.layout,
  }
}

function denied(
  context: OAuthContext,
  session: BrowserSession,
  plan: Pick<Plan, 'flow' | 'application'>,
  message: string,
): Reply {
  session.plan = undefined
  return reply(
    context,
    session,
    {
      ...typeIn(context, 'native'),
      flow_info: flowInfo(context, plan),
      component: 'ak-stage-access-denied',
      pending_user: '',
      pending_user_avatar: addressOfFile(DEFAULT_AVATAR, context),
      error_message: message,
    },
    [],
  )
}

/** A flow by its slug: one of the world, or one that every authentik has and a world need not name. */
function findFlow(slug: string, world: World): Flow | undefined {
  const row = world.table(flows).find('slug', slug)
  const ours = row ? undefined : DEFAULT_FLOWS.find((flow) => flow.slug === slug)
  if (!ours) return row
  const pk = createRandom('flow', slug).uuid()
  return {
    background: BACKGROUND,
    background_url: null,
    layout: 'stacked',
    authentication: 'none',
    ...ours,
    pk,
  } as Flow
}

/** The plan that a session is in, or a new one; undefined where the flow is not for who asks. */
function planOf(flow: Flow, session: BrowserSession, context: OAuthContext): Plan | undefined {
  if (session.plan?.flow.pk === flow.pk) return session.plan
  const user = sessionOf(context.call, context.world)?.user
  if (flow.authentication === 'require_authenticated' && user === undefined) return undefined
  session.plan = {
    flow,
    stages: stagesOf(flow, context.world),
    failures: 0,
    user: flow.designation === 'authentication' ? undefined : user,
    isBare: true,
  }
  return session.plan
}

async function execute(context: OAuthContext): Promise<Reply> {
  const { call, params, world } = context
  const flow = findFlow(params['flow_slug'] ?? '', world)
  if (!flow)
    return call.method === 'GET' || call.method === 'HEAD'
      ? context.notFound()
      : empty(405, [['Allow', 'GET, HEAD, OPTIONS']])
  const session = browserSessionOf(call, world)
  const isPost = call.method === 'POST'
  if (isPost && isForged(context)) return flowError(context, session)
  const body = isPost ? await readJson(context) : undefined
  if (isPost && body === undefined) return flowError(context, session)
  const plan = planOf(flow, session, context)
  if (!plan) return denied(context, session, { flow }, 'Flow does not apply to current user.')
  if (plan.isOver) return empty(400, [ALLOW, FRAME, ...cookiesOf(session, context)])
  return play(context, session, plan, body)
}

/** Whether a page of another site may have sent it: only who is logged in has something to lose. */
function isForged({ call, world }: OAuthContext): boolean {
  if (!sessionOf(call, world)) return false
  try {
    checkCsrf(call)
    return false
  } catch {
    return true
  }
}

async function readJson({ call }: OAuthContext): Promise<unknown> {
  if (!/^application\/json\b/i.test(call.header('content-type') ?? '')) return undefined
  try {
    const body: unknown = JSON.parse(await call.body())
    return isObject(body) ? body : undefined
  } catch {
    return undefined
  }
}

async function play(context: OAuthContext, session: BrowserSession, plan: Plan, body: unknown): Promise<Reply> {
  const [stage] = plan.stages
  if (!stage) return finish(context, session, plan)
  const kind = STAGES[stage.kind]
  const stageContext: StageContext = { ...context, session, plan, stage, entry: entryOf(context) }
  const outcome: Outcome | undefined =
    body === undefined ? await kind.pass?.(stageContext) : await kind.answer(stageContext, body)
  if (outcome === 'done') {
    plan.stages.shift()
    return plan.stages.length === 0 && stage.kind !== 'login' ? finish(context, session, plan) : again(context, session)
  }
  if (outcome && 'denied' in outcome) return denied(context, session, plan, outcome.denied)
  if (outcome && 'end' in outcome) {
    if (behaviourIn(context).planOutlivesFlow) plan.isOver = true
    else session.plan = undefined
    return reply(context, session, { ...typeIn(context, 'redirect'), ...outcome.end })
  }
  return reply(context, session, challengeOf(stageContext, outcome?.errors))
}

function challengeOf(context: StageContext, errors: StageErrors | undefined) {
  const kind = STAGES[context.stage.kind]
  return {
    ...typeIn(context, 'native'),
    flow_info: flowInfo(context, context.plan),
    component: kind.component,
    ...(errors ? { response_errors: errors } : {}),
    ...kind.challenge(context),
  }
}

/** Ends a flow: leads to where the page wanted to go, below the server alone. */
function finish(context: OAuthContext, session: BrowserSession, plan: Plan): Reply {
  const next = entryOf(context).get('next') ?? `${baseOf(context.call)}/`
  session.plan = undefined
  session.application = undefined
  const isRelative = next.startsWith('/') && !next.startsWith('//') && !next.includes('\\')
  if (!isRelative) return denied(context, session, plan, 'Invalid next URL')
  return reply(context, session, { ...typeIn(context, 'redirect'), component: 'xak-flow-redirect', to: next })
}

/** What stands at `/api/v3/flows/executor/{flow_slug}/`. */
export const executor: OAuthEndpoint = { methods: { GET: execute, POST: execute }, isCsrfExempt: true }

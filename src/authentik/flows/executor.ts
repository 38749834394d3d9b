/** The flow executor: one challenge after the other, in JSON (docs/authentik.md#flow-executor). */
import { readPairs } from '../../http/form.ts'
import { baseOf, type Header, type Reply } from '../../http/message.ts'
import { Problem } from '../../rest/errors.ts'
import { negotiate } from '../../rest/negotiate.ts'
import { parseBody } from '../../rest/parse-body.ts'
import { readKey } from '../../schema/json.ts'
import { sessionOf } from '../auth/sessions.ts'
import {
  absent,
  behaviourIn,
  empty,
  lacksCsrf,
  redirect,
  type OAuthContext,
  type OAuthEndpoint,
} from '../oidc/endpoint.ts'
import { toUri } from '../oidc/python-text.ts'
import { recoveryFlowOf } from '../brands.ts'
import { apiTokens } from '../resources/api-tokens.ts'
import { applications } from '../resources/applications.ts'
import { oauth2Providers } from '../resources/oauth2-providers.ts'
import { backgroundUrlOf } from '../resources/default-flows.ts'
import type { Flow } from '../resources/flows.ts'
import { users } from '../resources/users.ts'
import { addressOfFile } from '../static-files.ts'
import { browserSessionOf, cookiesOf, type BrowserSession } from './browser-session.ts'
import { findFlow, missingFlow } from './find-flow.ts'
import { queryOf } from './flow-location.ts'
import { titleOf, type Entered } from './flow-title.ts'
import { isBelowServer } from './login-location.ts'
import { findRecovery } from './recovery-link.ts'
import { isFor, isLeftOut, restoredStagesOf, stagesOf, type Plan, type Stage } from './plan.ts'
import { barePlanOf, isRestarting, planAgain } from './restart.ts'
import { STAGES } from './stages/index.ts'
import { pendingUser, type Outcome, type StageContext, type StageDefinition, type StageErrors } from './stages/stage.ts'

const ALLOW: Header = ['Allow', 'GET, POST, HEAD, OPTIONS']
/** What stands before the slug of a flow. */
export const EXECUTOR_PATH = '/api/v3/flows/executor/'
const FRAME: Header = ['X-Frame-Options', 'SAMEORIGIN']

/** The parameters that a flow was entered with, which the executor is told in one. */
const entryOf = ({ call }: OAuthContext) => readPairs(readPairs(call.query).get('query') ?? '')

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

const emptyReply = (status: number, context: OAuthContext, session: BrowserSession): Reply =>
  empty(status, [ALLOW, FRAME, ...cookiesOf(session, context)])

/** Where a solved stage sends: to the same address. One whose query Django writes otherwise is another to it. */
function again(context: OAuthContext, session: BrowserSession, slug: string): Reply {
  const { call } = context
  const query = queryOf(call)
  const location = `${baseOf(call)}${EXECUTOR_PATH}${slug}/${query && `?${query}`}`
  if (toUri(call.query) === query) return redirect(location, [ALLOW, FRAME, ...cookiesOf(session, context)])
  return reply(context, session, { ...typeIn(context, 'redirect'), component: 'xak-flow-redirect', to: location })
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

function flowInfo(context: OAuthContext, plan: Entered) {
  const { flow } = plan
  const next = entryOf(context).get('next')
  const { hasChallengeKey, cancelUrlHasNext } = behaviourIn(context)
  const cancelUrl = `${baseOf(context.call)}/flows/-/cancel/`
  return {
    title: titleOf(context, plan),
    background: addressOfFile(backgroundUrlOf(flow, context as never), context),
    ...(hasChallengeKey('background_themed_urls') ? { background_themed_urls: null } : {}),
    cancel_url: cancelUrlHasNext && next ? `${cancelUrl}?next=${encodeURIComponent(next)}` : cancelUrl,
    layout: flow.layout,
  }
}

/** How somebody is told that they may not go on; the plan is gone then. */
function denied(
  context: OAuthContext,
  session: BrowserSession,
  plan: Entered,
  message: string,
  headers: readonly Header[] = [ALLOW],
): Reply {
  session.plan = undefined
  const challenge = {
    ...typeIn(context, 'native'),
    flow_info: flowInfo(context, plan),
    component: 'ak-stage-access-denied',
    ...pendingUser({ ...context, plan }),
    error_message: message,
  }
  return reply(context, session, challenge, headers)
}

const NO_ALLOW: readonly Header[] = []

/** A plan for who enters a flow by its address. */
const barePlan = (flow: Flow, user: number | undefined, { world }: OAuthContext): Plan => ({
  ...barePlanOf(flow, user),
  stages: stagesOf(flow, world, user),
})

/** Whether what a plan is for is still there: its user, its application, and of a client's the login and the client. */
function isWhole({ user, application, client }: Plan, { call, world }: OAuthContext): boolean {
  if (user !== undefined && !world.table(users).has(user)) return false
  if (application && !world.table(applications).has(application.pk)) return false
  return !client || (sessionOf(call, world)?.user === user && world.table(oauth2Providers).has(client.provider))
}

/** Has a session begin the plan that a link was made for. The link is good once: its plan is then the session's. */
async function restorePlan(context: OAuthContext, session: BrowserSession, flow: Flow): Promise<void> {
  const { world } = context
  const key = entryOf(context).get('flow_token')
  const recovery = key === null || flow.pk !== recoveryFlowOf(context)?.pk ? undefined : findRecovery(key, context)
  if (!recovery) return
  const { token, user } = recovery
  await world.table(apiTokens).delete(token.identifier)
  session.plan = { flow, stages: restoredStagesOf(flow, world, user.pk), user: user.pk, isRestored: true }
}

async function execute(context: OAuthContext): Promise<Reply> {
  const { call, params, world } = context
  const { method } = call
  const flow = findFlow(params['flow_slug'] ?? '', context)
  if (!flow) return absent(context, missingFlow(params['flow_slug'] ?? '', context))
  const session = browserSessionOf(call, world)
  if (method === 'OPTIONS') return reply(context, session, DESCRIPTION)
  if (method === 'HEAD') return emptyReply(405, context, session)
  if (!isUnderstood(context)) return flowError(context, session)
  await restorePlan(context, session, flow)
  if (session.plan?.flow.pk !== flow.pk || !isWhole(session.plan, context)) {
    const user = sessionOf(call, world)?.user
    const plan = barePlan(flow, user, context)
    session.plan = undefined
    const isLedOn = flow.designation === 'authentication' && user !== undefined
    if (!isFor(flow, user, world))
      return isLedOn && behaviourIn(context).loggedInAreLedOn
        ? finish(context, session, plan, { headers: NO_ALLOW })
        : turnAway(context, session, flow, user)
    // A flow without stages is over before it begins.
    if (plan.stages.length === 0) return finish(context, session, plan, { headers: NO_ALLOW })
    session.plan = plan
  }
  const { plan } = session
  if (!plan) throw new TypeError('Failed to play a flow: its session has no plan.')
  if (plan.isOver) return emptyReply(400, context, session)
  return play(context, session, plan)
}

/** Turns somebody away whom a flow is not for: it says so, or leads on where the flow is to. */
function turnAway(context: OAuthContext, session: BrowserSession, flow: Flow, user: number | undefined): Reply {
  const lead = leadOf(flow, context)
  return lead === undefined
    ? denied(context, session, { flow, user }, 'Flow does not apply to current user.', NO_ALLOW)
    : reply(context, session, lead, NO_ALLOW)
}

/** How a flow leads on whom it is not for; undefined where it tells them. */
function leadOf({ denied_action: action }: Flow, context: OAuthContext): Record<string, unknown> | undefined {
  const { call } = context
  const next = readPairs(call.query).get('next')
  const isLedOn = action !== 'message' && next !== null && isBelowServer(next)
  if (!isLedOn && action !== 'continue') return undefined
  return { ...typeIn(context, 'redirect'), component: 'xak-flow-redirect', to: isLedOn ? next : `${baseOf(call)}/` }
}

/**
 * Has a flow begin anew, where the binding of its stage says so. authentik cannot tell somebody that the flow is not for
 * them any more: that would have it begin anew again.
 */
function restart(context: OAuthContext, session: BrowserSession, plan: Plan, stage: Stage): Reply {
  const anew = planAgain(plan, stage, context)
  if (!anew) {
    const lead = leadOf(plan.flow, context)
    return lead === undefined ? flowError(context, session) : reply(context, session, lead)
  }
  session.plan = anew
  return again(context, session, plan.flow.slug)
}

/** What the executor says of itself to who asks. */
const DESCRIPTION = {
  name: 'Flow Executor',
  description: 'Flow executor, passing requests to Stage Views',
  renders: ['application/json'],
  parses: ['application/json'],
}

/** Whether it is a request that a stage looks at: one that reads or sends, for JSON, and not sent by another site's page. */
function isUnderstood({ call, world }: OAuthContext): boolean {
  if (call.method !== 'GET' && call.method !== 'POST') return false
  // Only who is logged in has something to lose.
  if (sessionOf(call, world) && lacksCsrf(call)) return false
  try {
    negotiate(call, new URLSearchParams(call.query))
    return true
  } catch (error) {
    if (error instanceof Problem) return false
    throw error
  }
}

async function play(context: OAuthContext, session: BrowserSession, plan: Plan): Promise<Reply> {
  const user = plan.user ?? sessionOf(context.call, context.world)?.user
  while (plan.stages[0] && isLeftOut(plan.stages[0], user, context.world)) plan.stages.shift()
  const [stage] = plan.stages
  if (!stage) return finish(context, session, plan)
  const kind = STAGES[stage.kind]
  const stageContext: StageContext = { ...context, session, plan, stage, entry: entryOf(context) }
  const isAnswer = context.call.method === 'POST' && kind.component !== undefined
  const outcome = isAnswer ? await takeAnswer(kind, stageContext) : await kind.pass?.(stageContext)
  if (outcome === undefined) return reply(context, session, challengeOf(kind, stageContext))
  if (outcome === 'misread') return flowError(context, session)
  if (outcome === 'failed') {
    session.plan = undefined
    return flowError(context, session)
  }
  if (outcome === 'unanswered') return emptyReply(405, context, session)
  if (outcome === 'done') {
    plan.stages.shift()
    return plan.stages.length === 0
      ? finish(context, session, plan, { stage })
      : again(context, session, plan.flow.slug)
  }
  const isRefused = 'denied' in outcome ? !outcome.isUnplayed : 'errors' in outcome && outcome.errors !== undefined
  if (isRefused && isRestarting(stage)) return restart(context, session, plan, stage)
  if ('denied' in outcome) return denied(context, session, plan, outcome.denied)
  if ('show' in outcome) {
    const { show, headers = [] } = outcome
    return reply(context, session, { ...typeIn(context, 'redirect'), ...show }, [ALLOW, ...headers])
  }
  if ('end' in outcome) {
    if (behaviourIn(context).planOutlivesFlow) plan.isOver = true
    else session.plan = undefined
    return reply(context, session, { ...typeIn(context, 'redirect'), ...outcome.end })
  }
  return reply(context, session, challengeOf(kind, stageContext, outcome.errors))
}

/** Reads an answer by its stage's form, and gives it to the stage. */
async function takeAnswer(kind: StageDefinition, context: StageContext): Promise<Outcome | 'misread'> {
  const outcome = await readAnswer(kind, context)
  if (typeof outcome === 'string' || !('errors' in outcome)) return outcome
  // A flow that begins anew counts nothing that its session would keep.
  const { failures } = context.session
  const refusal = kind.refuse?.(context, outcome.errors ?? {})
  if (isRestarting(context.stage)) context.session.failures = failures
  return refusal ?? outcome
}

async function readAnswer(kind: StageDefinition, context: StageContext): Promise<Outcome | 'misread'> {
  const { call, release } = context
  const schema = kind.form?.(context)
  if (!schema || !kind.answer) return 'failed'
  try {
    const { jsonParser } = release.behaviour
    return await kind.answer(
      context,
      await parseBody(call, schema, { partial: false, jsonParser, rules: kind.rules ?? {} }),
    )
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { status, body } = error
    return status === 400 && !readKey(body, 'detail') ? { errors: toStageErrors(body as Messages) } : 'misread'
  }
}

type Messages = Record<string, readonly string[]>

/** What is wrong with a field, with the codes of Django REST framework. */
const toStageErrors = (messages: Messages): StageErrors =>
  Object.fromEntries(
    Object.entries(messages).map(([name, texts]) => [
      name,
      texts.map((string) => ({ string, code: CODES[string] ?? 'invalid' })),
    ]),
  )

const CODES: Readonly<Record<string, string>> = {
  'This field is required.': 'required',
  'This field may not be null.': 'null',
  'This field may not be blank.': 'blank',
  'No data provided': 'null',
}

function challengeOf(kind: StageDefinition, context: StageContext, errors?: StageErrors) {
  return {
    ...typeIn(context, 'native'),
    flow_info: flowInfo(context, context.plan),
    component: kind.component,
    ...(errors ? { response_errors: errors } : {}),
    ...kind.challenge?.(context),
  }
}

/** Ends a flow: leads to where the page wanted to go, below the server alone. @param stage the last that was played */
function finish(
  context: OAuthContext,
  session: BrowserSession,
  plan: Plan,
  { stage, headers = [ALLOW] }: { stage?: Stage; headers?: readonly Header[] } = {},
): Reply {
  const next = entryOf(context).get('next') ?? `${baseOf(context.call)}/`
  session.plan = undefined
  session.application = undefined
  if (!isBelowServer(next))
    return stage && isRestarting(stage)
      ? restart(context, session, plan, stage)
      : denied(withoutEntry(context), session, plan, 'Invalid next URL', headers)
  return reply(context, session, { ...typeIn(context, 'redirect'), component: 'xak-flow-redirect', to: next }, headers)
}

/** The same call without the parameters that a flow was entered with: an address that is refused is not named again. */
const withoutEntry = ({ call, ...context }: OAuthContext): OAuthContext => ({
  ...context,
  call: { ...call, query: '' },
})

/** What stands at `/api/v3/flows/executor/{flow_slug}/`. */
export const executor: OAuthEndpoint = { methods: {}, every: execute, isCsrfExempt: true }

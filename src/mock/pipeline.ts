/** The layers that a request passes, and the routes behind them. */
import { authenticate } from '../authentik/auth/caller.ts'
import { cleanUp } from '../authentik/auth/clean-up.ts'
import type { AuthentikRelease } from '../authentik/behaviour.ts'
import { ANONYMOUS_SEES_NOTHING, deviationsOf } from '../authentik/deviations.ts'
import { createUnsupported } from '../authentik/operations/unsupported.ts'
import { OAUTH_PREFIXES } from '../authentik/oidc/paths.ts'
import { oauthRoutes } from '../authentik/oidc/routes.ts'
import { MOCK_PATH, pageRoutes } from '../authentik/pages.ts'
import { mount, pathBelow } from '../http/base-path.ts'
import { dateHeader } from '../http/date-header.ts'
import { front } from '../http/front.ts'
import { pipeline, type Layer } from '../http/layer.ts'
import { isSafe, type Answer, type Call } from '../http/message.ts'
import { cleanPath, decodePath } from '../http/path.ts'
import { createRouter } from '../http/router.ts'
import { answerNotEmulated, answerUnknownPath, answerView, signReplies, type Backend } from '../rest/dispatch.ts'
import { createSerializer } from '../rest/serialize.ts'
import { createViews } from '../rest/views.ts'
import type { WriteQueue } from '../store/write-queue.ts'
import type { World } from '../store/world.ts'
import type { readOptions } from './options.ts'
import { answerOverview } from './overview.ts'

/** Paths of authentik that any site may have for itself. */
const ANY_SITES_PATHS: ReadonlySet<string> = new Set(['/', '/device'])

/** What a mock answers with. */
export interface Pipeline {
  answer: Answer
  /** Whether something stands on a path; not on `/`, which every site has. */
  emulates(path: string): boolean
  /** Whether a request on a path is to be answered: something stands there, or would in authentik. */
  handles(path: string): boolean | Promise<boolean>
  /** Whether a path is authentik's, be there something or not. */
  claims(path: string): boolean
  /** Answers with 501, whatever stands on the path. */
  refuse: Answer
}

/** The way of every request: layers, then the route. */
export function createPipeline(
  world: World,
  release: AuthentikRelease,
  options: Pick<ReturnType<typeof readOptions>, 'autoLogin' | 'base' | 'fidelity' | 'front' | 'log' | 'seed' | 'world'>,
): Pipeline {
  const { autoLogin, base, fidelity, front: hasFront, log } = options
  const prefix = release.behaviour.serverUrl.replace(/\/$/, '')
  const views = createViews(prefix, release.operations)
  const backend: Backend = {
    world,
    release,
    views,
    serializer: createSerializer(fidelity === 'observed' ? deviationsOf(release) : undefined),
    anonymousSeesNothing: ANONYMOUS_SEES_NOTHING,
    authenticate,
    audit: async (...change) => (await import('../authentik/answers/audit.ts')).audit(...change),
    onNotEmulated: log,
  }
  const pages = createRouter([
    ...pageRoutes(world, release.behaviour),
    ...oauthRoutes({
      world,
      release,
      autoLogin,
      isDocumented: fidelity === 'documented',
      log,
      notFound: (call) => answerUnknownPath(call, backend),
    }),
  ])
  const sign = signReplies(backend)
  const subject = { world, release, fidelity, seed: options.world ? undefined : options.seed }
  const unsupported = createUnsupported(backend, prefix, (call, path) => {
    const view = views.match(path)
    if (view) return answerView(backend, call, view)
    if (path.startsWith(MOCK_PATH)) return answerOverview(call, path, subject)
    const page = pages.match(path)
    return page?.route.answer(call, page.params)
  })
  const route: Answer = (call) => sign(unsupported.answer(call), call)
  // What authentik answers below these, no other server of the same origin does.
  const claimed = [`${prefix}/`, ...OAUTH_PREFIXES]
  const layers: Layer[] = [
    dateHeader(() => world.clock.now()),
    ...(hasFront ? [front] : []),
    ...(base === '' ? [] : [mount(base, log)]),
    inTurn(world.queue),
    cleanUpBefore(world),
  ]
  const toRoutePath = (path: string) => pathBelow(base, cleanPath(decodePath(path)))
  const hasRoute = (path: string) => {
    if (path.startsWith(MOCK_PATH) || views.match(path)) return true
    // These may be any site's own, but for one that has a base path before them.
    return (!ANY_SITES_PATHS.has(path) || base !== '') && pages.match(path) !== undefined
  }
  return {
    answer: pipeline(layers, route),
    emulates(path) {
      const routePath = toRoutePath(path)
      return routePath !== undefined && hasRoute(routePath)
    },
    handles(path) {
      const routePath = toRoutePath(path)
      return routePath !== undefined && (hasRoute(routePath) || unsupported.has(routePath))
    },
    claims(path) {
      const routePath = toRoutePath(path)
      return routePath !== undefined && claimed.some((start) => `${routePath}/`.startsWith(start))
    },
    refuse: pipeline(layers, (call) => sign(answerNotEmulated(call, backend), call)),
  }
}

/**
 * Has every request wait its turn, so that a hundred at once act as a hundred in a row. A body is read before: who
 * sends one slowly holds up nobody.
 */
const inTurn =
  (queue: WriteQueue): Layer =>
  (next) => {
    const answer = async (call: Call) => {
      const body = await call.body()
      return queue.run(() => next({ ...call, body: async () => body }))
    }
    return (call) => (isSafe(call.method) ? queue.run(() => next(call)) : answer(call))
  }

/** Has every request find the world without what authentik had deleted by then, because it had expired. */
const cleanUpBefore =
  (world: World): Layer =>
  (next) => {
    const answerAfter = async (cleaning: Promise<void>, call: Call) => {
      await cleaning
      return next(call)
    }
    return (call) => {
      const cleaning = cleanUp(world)
      return cleaning ? answerAfter(cleaning, call) : next(call)
    }
  }

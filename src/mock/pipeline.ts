/** The layers that a request passes, and the routes behind them. */
import { authenticate } from '../authentik/auth/caller.ts'
import { cleanUp } from '../authentik/auth/clean-up.ts'
import type { AuthentikRelease } from '../authentik/behaviour.ts'
import { ANONYMOUS_SEES_NOTHING, deviationsOf } from '../authentik/deviations.ts'
import { createUnsupported } from '../authentik/operations/unsupported.ts'
import { OAUTH_PREFIXES } from '../authentik/oidc/paths.ts'
import { oauthRoutes } from '../authentik/oidc/routes.ts'
import { MOCK_PATH, pageRoutes, type PageRoute } from '../authentik/pages.ts'
import { mount, pathBelow } from '../http/base-path.ts'
import { dateHeader } from '../http/date-header.ts'
import { front } from '../http/front.ts'
import { pipeline, type Layer } from '../http/layer.ts'
import { isSafe, type Answer, type Call, type Reply } from '../http/message.ts'
import { cleanPath, decodePath } from '../http/path.ts'
import { createRouter, type Router } from '../http/router.ts'
import {
  answerMissing,
  answerNotEmulated,
  answerView,
  failAsDatabase,
  signReplies,
  type Backend,
} from '../rest/dispatch.ts'
import type { Serializer } from '../rest/operation.ts'
import { createSerializer } from '../rest/serialize.ts'
import { createViews, type Views } from '../rest/views.ts'
import { once } from '../schema/lazily.ts'
import type { WriteQueue } from '../store/write-queue.ts'
import type { World } from '../store/world.ts'
import type { Settings } from './options.ts'

/** Paths of authentik that any site may have for itself. */
const ANY_SITES_PATHS: ReadonlySet<string> = new Set(['/', '/device'])

/** Whether a decoded path is the mock's own, be it without the slash at the end of its page. */
const isOwn = (path: string) => `${path}/`.startsWith(MOCK_PATH)

const loadCredentials = once(() => import('../authentik/answers/credentials.ts'))
const loadAudit = once(() => import('../authentik/answers/audit.ts'))

/** What a mock answers with. */
export interface Pipeline {
  /** What stands behind the layers. */
  route: Answer
  /** The same layers before another route, which may ask the mock's own. */
  through(route: Answer): Answer
  /** Adds to a reply what authentik's Django application adds to every one. */
  sign(reply: Reply, call: Call): Reply | Promise<Reply>
  /** Writes rows as answers have them. */
  readonly serializer: Serializer
  /** What stands on a decoded path below the base path: of the API, and beside it. */
  readonly views: Views
  readonly pages: Router<PageRoute>
  /** The decoded path below the base path; undefined for one beside it. */
  toRoutePath(path: string): string | undefined
  /** Whether something stands on a path; not on `/`, which every site has. */
  emulates(path: string): boolean
  /** Whether a request on a path is to be answered: something stands there, or would in authentik. */
  handles(path: string): boolean | Promise<boolean>
  /** Whether a path is authentik's, be there something or not. */
  claims(path: string): boolean
  /** Says why no request to authentik is on a path, which may be a beginning with `*` behind it. */
  findDoubt(method: string, path: string): string | undefined | Promise<string | undefined>
  /** Answers with 501, whatever stands on the path. */
  refuse: Answer
}

/**
 * The way of every request: layers, then the route.
 * @param fork what a fork has of its own, `alias`, a base path without its final slash, below which everything stands
 * too, and of the mock that it was forked from, `views`
 */
export function createPipeline(
  world: World,
  release: AuthentikRelease,
  options: Pick<Settings, 'autoLogin' | 'base' | 'fidelity' | 'front' | 'log' | 'seed' | 'world'>,
  { alias, views: sharedViews }: { alias?: string | undefined; views?: Views | undefined } = {},
): Pipeline {
  const { autoLogin, base, fidelity, front: hasFront, log } = options
  const bases = alias === undefined ? [base] : [alias, base]
  const prefix = release.behaviour.serverUrl.replace(/\/$/, '')
  const views = sharedViews ?? createViews(prefix, release.operations)
  const explain = (call: Call) => unsupported.explain(call)
  const backend: Backend = {
    world,
    release,
    views,
    serializer: createSerializer(fidelity === 'observed' ? deviationsOf(release) : undefined),
    anonymousSeesNothing: ANONYMOUS_SEES_NOTHING,
    authenticate,
    audit: async (...change) => (await loadAudit()).audit(...change),
    onNotEmulated: log,
    onForbidden(call) {
      const authorization = call.header('authorization')
      if (authorization !== undefined)
        void loadCredentials().then(({ tellCredentials }) => tellCredentials(call, authorization, { world, log }))
    },
    explain,
  }
  const pageList = [
    ...pageRoutes(world, release.behaviour),
    ...oauthRoutes({
      world,
      release,
      autoLogin,
      isDocumented: fidelity === 'documented',
      log,
      notFound: (call, reason) => answerMissing(call, backend, reason),
    }),
  ]
  const pages = createRouter(pageList)
  const sign = signReplies(backend)
  const subject = { world, release, fidelity, seed: options.world ? undefined : options.seed }
  const unsupported = createUnsupported(backend, prefix, {
    pages,
    pagePaths: [MOCK_PATH, ...pageList.map(({ path }) => path)],
    answer(call, path) {
      const view = views.match(path)
      if (view) return answerView(backend, call, view)
      if (isOwn(path)) return import('./overview.ts').then(({ answerOverview }) => answerOverview(call, path, subject))
      const page = pages.match(path)
      return page?.route.answer(call, page.params)
    },
  })
  const unsigned = failAsDatabase(backend)(unsupported.answer)
  const route: Answer = (call) => sign(unsigned(call), call)
  // What authentik answers below these, no other server of the same origin does.
  const claimed = [`${prefix}/`, ...OAUTH_PREFIXES]
  const layers: Layer[] = [
    dateHeader(() => world.clock.now()),
    ...(hasFront ? [front] : []),
    ...(bases.length === 1 && base === '' ? [] : [mount(bases, log)]),
    inTurn(world.queue),
    cleanUpBefore(world),
  ]
  const toRoutePath = (path: string) => {
    const clean = cleanPath(decodePath(path))
    for (const start of bases) {
      const routePath = pathBelow(start, clean)
      if (routePath !== undefined) return routePath
    }
    return undefined
  }
  const hasRoute = (path: string) => {
    if (isOwn(path) || views.match(path)) return true
    // These may be any site's own, but for one that has a base path before them.
    return (!ANY_SITES_PATHS.has(path) || base !== '') && pages.match(path) !== undefined
  }
  const through = (answer: Answer) => pipeline(layers, answer)
  return {
    route,
    through,
    sign,
    serializer: backend.serializer,
    views,
    pages,
    toRoutePath,
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
    findDoubt: (method, path) =>
      unsupported.findDoubt({ method, path, query: '', header: () => undefined, body: async () => '' }),
    refuse: through((call) => sign(answerNotEmulated(call, backend), call)),
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

/** Where the OAuth endpoints stand, without what they do: that is loaded when one is first asked. */
import type { Log } from '../../http/log.ts'
import type { Call, Reply } from '../../http/message.ts'
import type { World } from '../../store/world.ts'
import type { AuthentikRelease } from '../behaviour.ts'
import type { PageRoute } from '../pages.ts'
import { PATHS } from './paths.ts'

/** What the endpoints answer from. */
export interface OAuthSubject {
  world: World
  release: AuthentikRelease
  /** The user who is logged in without a page; undefined where there is a page. */
  autoLogin: string | undefined
  /** Whether answers are as the documentation says, where servers differ from it. */
  isDocumented: boolean
  /** Takes what is to be said to who runs the mock. */
  log: Log
  /** Answers as on a path that authentik does not have. @param reason what is missing */
  notFound(call: Call, reason: string): Reply
}

/** Where authentik itself says which pages may read the answers (docs/authentik.md#cors). */
const OWN_ORIGINS = /^\/(application\/o|\.well-known)\//
/** Answers once the endpoints are loaded: to import a module again takes longer than many an answer. */
let answerLoaded: typeof import('./endpoints.ts').answerOAuth | undefined

/** The routes of a release. */
export function oauthRoutes(subject: OAuthSubject): PageRoute[] {
  const { notFound } = subject
  return PATHS.map((path) => ({
    path,
    async answer(call, params) {
      if (!answerLoaded) {
        const { answerOAuth } = await import('./endpoints.ts')
        answerLoaded = answerOAuth
      }
      const reply = await answerLoaded(path, { ...subject, call, params, notFound: (reason) => notFound(call, reason) })
      return OWN_ORIGINS.test(path) ? { ...reply, decidesOrigins: true } : reply
    },
  }))
}

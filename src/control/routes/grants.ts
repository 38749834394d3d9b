/** Logging in, tokens, and grants. */
import { logInAs } from '../log-in.ts'
import { controlError } from '../control-error.ts'
import { expire, mint, revoke } from '../grants.ts'
import { readKind } from '../ledger.ts'
import type { ControlContext, ControlRoute } from '../control-route.ts'
import { numberIn } from '../query.ts'
import { answers, bodies } from '../schemas.ts'
import { createToken } from '../create-token.ts'
import type { GrantKind, GrantRequest } from '../types.ts'

/** The kind and the pk that a path names. @throws MockError ERR_CONTROL */
function grantOf({ params: { kind = '', pk = '' } }: ControlContext): [GrantKind, number] {
  if (!/^\d{1,10}$/.test(pk)) throw controlError([`pk: "${pk}" is no number`])
  return [readKind(kind), Number(pk)]
}

/** The routes. */
export const grantRoutes: readonly ControlRoute[] = [
  {
    path: '/-/mock/api/sessions/',
    methods: {
      POST: {
        summary:
          'Logs a user in, and gives the headers that a browser then sends; with `cookie` it sets its cookies, too.',
        body: bodies.session,
        answer: answers.session,
        status: 201,
        run: (context) => logInAs(context.body as { user: number | string; cookie?: boolean }, context),
      },
    },
  },
  {
    path: '/-/mock/api/tokens/',
    methods: {
      POST: {
        summary: 'Makes an API token of a user.',
        body: bodies.token,
        answer: answers.token,
        status: 201,
        run: ({ body, namespace }) => createToken(body as { user: number | string; intent?: string }, namespace),
      },
    },
  },
  {
    path: '/-/mock/api/grants/',
    methods: {
      GET: {
        summary: 'The grants that are there, and those that were minted here and are gone; the newest is the last.',
        query: {
          kind: 'Only those of a kind.',
          limit: 'The last so many (100).',
          offset: 'How many of the last are left out (0).',
        },
        answer: answers.grants,
        run({ namespace, query }) {
          const kind = query.get('kind')
          const page = { limit: numberIn(query, 'limit') ?? 100, offset: numberIn(query, 'offset') ?? 0 }
          return namespace.ledger.list(kind === null ? undefined : readKind(kind), namespace, page)
        },
      },
      POST: {
        summary: 'Mints a code or a token, as a login would.',
        body: bodies.grant,
        answer: answers.minted,
        status: 201,
        run: ({ body, namespace, call, base }) => mint(body as GrantRequest, namespace, { ...call, base }),
      },
    },
  },
  {
    path: '/-/mock/api/grants/{kind}/{pk}/expire/',
    methods: {
      POST: {
        summary: 'Has a grant expire now.',
        run: (context) => expire(...grantOf(context), context.namespace),
      },
    },
  },
  {
    path: '/-/mock/api/grants/{kind}/{pk}/revoke/',
    methods: {
      POST: {
        summary: 'Revokes a grant: a token is marked so, anything else is deleted.',
        run: (context) => revoke(...grantOf(context), context.namespace),
      },
    },
  },
]

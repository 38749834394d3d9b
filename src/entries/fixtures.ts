/** authentik-mock/fixtures: the default world, and what the API answers from it, as plain data. */
import authorizationCodesJson from '../../fixtures/authorization_codes.json' with { type: 'json' }
import problemsJson from '../../fixtures/problems.json' with { type: 'json' }
import worldJson from '../../fixtures/world.json' with { type: 'json' }
import type { WorldFile } from '../store/world-file.ts'
import type { AuthorizationCodeAnswer } from '../authentik/resources/authorization-codes.ts'

/** The world of seed 1 at 2024-09-27T14:26:18.306Z: give it to `mock({ world })`, and no faker is loaded. */
export const world = worldJson as WorldFile

/** The instant at which the answers were taken. */
export const now = '2024-09-27T14:26:18.306Z'

/** What a superuser gets for each code, by pk from 1. */
export const authorizationCodes = authorizationCodesJson as unknown as AuthorizationCodeAnswer[]

/** The bodies of the answers that are not 200, by status and cause. */
export const problems = problemsJson

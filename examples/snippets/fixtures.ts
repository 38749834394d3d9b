import { mock } from 'authentik-mock'
import { authorizationCodes, problems, world } from 'authentik-mock/fixtures'

console.log(authorizationCodes[0]!.pk, problems[404].not_found.detail) // 1 Not found.

const authentik = mock({ world }) // the same rows, and no faker is loaded
await authentik.ready

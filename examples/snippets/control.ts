import { mock } from 'authentik-mock'
import { control } from 'authentik-mock/control'

const authentik = control(mock({ token: 'my-token' }))
const headers = { Authorization: 'Bearer my-token' }
const ask = async () => (await authentik.fetch('/api/v3/core/users/me/', { headers })).status

authentik.scenario({ operationId: 'core_users_me_retrieve', status: 403, once: true })
console.log(await ask(), await ask()) // 403 200
console.log(authentik.journal.count({ status: 403 })) // 1

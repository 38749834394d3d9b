import { mock } from 'authentik-mock'
import { control } from 'authentik-mock/control'
import { handlers } from 'authentik-mock/msw'
import { setupWorker } from 'msw/browser'

const worker = setupWorker()
const started = worker.start({ onUnhandledFrame: 'bypass', quiet: true })
async function loadMock({ parameters: { authentik: { scenario, ...options } = {} } }) {
  await started
  const authentik = control(mock({ token: 'my-token', ...options }))
  if (scenario) authentik.scenario(scenario)
  worker.resetHandlers(...handlers(authentik))
  return { authentik }
}
export default { loaders: [loadMock] }

/** Next calls it once, before it answers a request. */
export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.AUTHENTIK !== 'mock') return
  const { startMock } = await import('./mock.js')
  startMock()
}

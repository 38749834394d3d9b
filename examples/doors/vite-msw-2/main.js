/** Shows who is logged in. The condition is false in a build for production, which has nothing of the mock then. */
if (import.meta.env.MODE !== 'production') {
  const { startMock } = await import('./mock.js')
  await startMock()
}
if (import.meta.env.MODE !== 'production') {
  const [{ authentik }, { takeTour }] = await Promise.all([import('./mock.js'), import('./tour.js')])
  await takeTour(authentik)
}

const headers = { Authorization: 'Bearer my-token' }
const response = await fetch('/api/v3/core/users/me/', { headers })
document.querySelector('#user').textContent = (await response.json()).user.username

/** Shows who is logged in. The condition is false in a build for production, which has nothing of the mock then. */
if (process.env.NODE_ENV !== 'production') {
  const { startMock } = await import('./mock.js')
  await startMock()
}

const headers = { Authorization: 'Bearer my-token' }
const response = await fetch('/api/v3/core/users/me/', { headers })
document.querySelector('#user').textContent = (await response.json()).user.username

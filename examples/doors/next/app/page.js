import { connection } from 'next/server'

/** Shows who is logged in, as the server is told. */
export default async function Page() {
  await connection()
  const headers = { Authorization: 'Bearer my-token' }
  const response = await fetch('https://authentik.company/api/v3/core/users/me/', { headers })
  return <p>{(await response.json()).user.username}</p>
}

/** A consumer that finds out whose authorization codes are still valid, and in which groups these people are. */

/** A person who holds a valid code. */
export interface Holder {
  name: string
  groups: string[]
}

/**
 * Finds everybody who holds a valid code.
 * @param fetchApi sends a request to an authentik
 */
export async function holders(fetchApi: (path: string) => Promise<Response>): Promise<Holder[]> {
  const holdersById = new Map<number, Holder>()
  for (let page = 1; page !== 0;) {
    const response = await fetchApi(`/api/v3/oauth2/authorization_codes/?ordering=pk&page=${page}`)
    if (!response.ok) throw new Error(`authentik answered ${response.status}`)
    const { pagination, results } = await response.json()
    for (const { is_expired, user } of results)
      if (!is_expired)
        holdersById.set(user.pk, {
          name: user.name,
          groups: (user.groups_obj ?? []).map((group: { name: string }) => group.name),
        })
    page = pagination.next
  }
  return [...holdersById.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

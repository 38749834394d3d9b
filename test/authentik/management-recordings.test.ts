/** authentik is managed as running servers were recorded to be, from the first list to the last deletion. */
import { describe, expect, it } from 'vitest'
import { mock } from '../../src/mock/mock.ts'
import { replayLogin } from '../support/login-replay.ts'
import { recordedWorldOf } from '../support/recordings.ts'

/** Answers that differ, and why. */
const LISTED: readonly (readonly [names: RegExp, because: string, releases?: RegExp])[] = [
  [/^flows\.stages\./, 'the flows of a stage come in the order in which PostgreSQL happens to keep them', /2024/],
  [/^rbac\.role\.usedby$/, 'the keys of what gives a permission to a role are in no world', /2026/],
  [/^usersw\.service_account\.empty$/, 'the database quotes a row of its own', /2024/],
]

describe.each(['2024.8.4', '2026.2.2'])('the management of %s', (release) => {
  it('is answered as recorded, but for what is listed', async () => {
    const world = recordedWorldOf(`management-${release}`)
    const authentik = mock({ release, world, fidelity: 'observed' })
    const { names, differences } = await replayLogin(`management-${release}`, authentik)
    const patterns = LISTED.flatMap(([pattern, , releases = /./]) => (releases.test(release) ? [pattern] : []))
    const isListed = (name: string) => patterns.some((pattern) => pattern.test(name))
    expect(differences.filter(({ name }) => !isListed(name))).toEqual([])
    const differing = differences.map(({ name }) => name)
    expect(patterns.filter((pattern) => !differing.some((name) => pattern.test(name)))).toEqual([])
    expect(names).toHaveLength(454)
    expect(differing.length).toBeLessThan(names.length / 20)
  })
})

/** The login answers as running servers of authentik were recorded to, from the first redirect to the last token. */
import { describe, expect, it } from 'vitest'
import { mock } from '../../../src/mock/mock.ts'
import { replayLogin } from '../../support/login-replay.ts'
import { recordedWorldOf } from '../../support/recordings.ts'

/** Answers that differ, and why. */
type Listed = readonly [names: RegExp, because: string, releases?: RegExp]

const LISTED: readonly Listed[] = [
  [/^flow\.(codes\.minted|access\.list|refresh\.list)$/, 'what was deleted before is not among these recordings'],
]

/** Of the recordings of the login's thin spots. */
const LISTED_SPOTS: readonly Listed[] = [
  [/^denied2\.again\.max-age-1/, 'the recorded server was asked more than a second after the login'],
  [/\.(flowpage|page\.evil)/, 'the page of a flow is our own'],
  [/^exec2\.unknown\.page/, 'the page of a flow is our own, also of one that nobody has', /2024/],
  [
    /^(tokenerr2\.tk\.used|logout2\..*\.(access|codes))|^(implicit2|cc2)\.rows|^consent2\.codes/,
    'requests that are not among these recordings made rows, or used them up',
  ],
]

const SETS = [
  { file: 'oauth', world: '', listed: LISTED },
  { file: 'login', world: 'login-', listed: LISTED_SPOTS },
]

describe.each(['2024.8.4', '2026.2.2'])('a login at %s', (release) => {
  it.each(SETS)('is answered as recorded in $file, but for what is listed', async ({ file, world, listed }) => {
    const authentik = mock({ release, world: recordedWorldOf(world + release), fidelity: 'observed' })
    const { names, differences } = await replayLogin(`${file}-${release}`, authentik)
    const patterns = listed.flatMap(([pattern, , releases = /./]) => (releases.test(release) ? [pattern] : []))
    const isListed = (name: string) => patterns.some((pattern) => pattern.test(name))
    expect(differences.filter(({ name }) => !isListed(name))).toEqual([])
    const differing = new Set(differences.map(({ name }) => name))
    expect(patterns.filter((pattern) => ![...differing].some((name) => pattern.test(name)))).toEqual([])
    expect(differing.size).toBeLessThan(names.length / 10)
  })
})

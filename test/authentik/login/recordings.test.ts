/** The login answers as running servers of authentik were recorded to, from the first redirect to the last token. */
import { describe, expect, it } from 'vitest'
import { mock } from '../../../src/mock/mock.ts'
import { replayLogin } from '../../support/login-replay.ts'
import { recordedWorldOf } from '../../support/recordings.ts'

/** Answers that differ, and why. */
const DIFFERENT: readonly [names: RegExp, because: string][] = [
  [/^(device|token\.device)\./, 'the device flow is not there yet'],
  [/^flow\.(nobody\.2|inactive\.[23])/, 'a picture that is made up for a name has a colour by MD5'],
  [/^flow\.(codes\.minted|access\.list|refresh\.list)$/, 'what was deleted before is not among these recordings'],
]

describe.each(['2024.8.4', '2026.2.2'])('a login at %s', (release) => {
  it('is answered as recorded, but for what is listed', async () => {
    const authentik = mock({ release, world: recordedWorldOf(release), fidelity: 'observed' })
    const { names, differences } = await replayLogin(release, authentik)
    const isListed = (name: string) => DIFFERENT.some(([pattern]) => pattern.test(name))
    expect(differences.filter(({ name }) => !isListed(name))).toEqual([])
    const differing = new Set(differences.map(({ name }) => name))
    expect(DIFFERENT.filter(([pattern]) => ![...differing].some((name) => pattern.test(name)))).toEqual([])
    expect(differing.size).toBeLessThan(names.length / 10)
  })
})

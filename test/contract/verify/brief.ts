/** The contract that is shipped, cut short for what is not about it: to play it takes more than the rest of a verification. */
import { afterAll, beforeEach, vi } from 'vitest'
import * as shipped from '../../../src/contract/pact/shipped.ts'
import { isWhole } from '../../support/tier.ts'

/** The interaction that is played where the contract is brief. */
const LIVE = /^a request for an authorization code that is live$/

const { shippedPact } = shipped

/**
 * Has the tests of a file, or of a `describe`, play one interaction of the contract that is shipped, or a few. Where
 * everything is tried they play all of it.
 *
 * @param played matches the descriptions of what is played
 */
export function playBriefly(played = LIVE): void {
  if (isWhole) return
  beforeEach(() => {
    vi.spyOn(shipped, 'shippedPact').mockImplementation((release) => {
      const pact = shippedPact(release)
      const interactions = pact.interactions.filter(
        (interaction) => 'description' in interaction && played.test(String(interaction.description)),
      )
      return { ...pact, interactions }
    })
  })
  afterAll(() => void vi.spyOn(shipped, 'shippedPact').mockRestore())
}

/** How many interactions stand in a report before those of other pacts. */
export const playedCount = (): number => shipped.shippedPact('2024.8.3').interactions.length

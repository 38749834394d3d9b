/** faker, rolling our dice. Loaded only when a world is seeded: a browser that is given a world never fetches it. */
import type { Faker } from '@faker-js/faker'
import { faker } from '@faker-js/faker/locale/en'
import type { Dice } from './random.ts'

/** @param now what faker's dates are relative to, in milliseconds since 1970 */
export function createFaker(dice: Dice, now: number): Faker {
  // The English instance is a fifth of the package; its class is reached through it, so that no other locale is loaded.
  const English = faker.constructor as typeof Faker
  const own = new English({
    locale: faker.rawDefinitions,
    randomizer: { next: dice.next, seed: (seed) => dice.seed(String(seed)) },
  })
  own.setDefaultRefDate(now)
  return own
}

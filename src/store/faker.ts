/** faker, by our own chance. It is loaded only when a world is seeded: a browser that gets a world never fetches it. */
import type { Faker } from '@faker-js/faker'
import { faker } from '@faker-js/faker/locale/en'
import type { Random } from './random.ts'

/** An English faker. @param now what its dates are relative to, in milliseconds since 1970 */
export function createFaker(random: Random, now: number): Faker {
  // The English instance is a fifth of the package; its class is reached through it, so that no other locale is loaded.
  const English = faker.constructor as typeof Faker
  const randomizer = { next: random.next, seed: (seed: number | number[]) => random.seed(String(seed)) }
  const english = new English({ locale: faker.rawDefinitions, randomizer })
  english.setDefaultRefDate(now)
  return english
}

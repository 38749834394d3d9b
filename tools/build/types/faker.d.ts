/** What the published types use of faker's: it is only handed from our own code to our own code. */
export type Faker = object

/** The collections of @msw/data, which are loaded when a row is first written. */
import { Collection } from '@msw/data'
import type { Model } from '../schema/words.ts'

/** An empty collection, whose rows are as a model says. */
export const createCollection = <Row>(model: Model<Row>): Collection<Model<Row>> => new Collection({ schema: model })

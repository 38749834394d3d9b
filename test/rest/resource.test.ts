/** A resource that is stated wrongly says so at once, and not in the middle of an answer. */
import { expect, it } from 'vitest'
import { field } from '../../src/rest/field.ts'
import { resource } from '../../src/rest/resource.ts'
import { text, uuid } from '../../src/schema/words.ts'
import { createClock } from '../../src/store/clock.ts'
import { World } from '../../src/store/world.ts'

const django = { app: 'authentik_brands', className: 'Brand', label: () => 'Brand' }

it('a resource whose key is no pk has to say by what a path names a row', () => {
  const names = { singular: 'brand', plural: 'brands', state: 'brand', noun: 'a brand' }
  const fields = { brand_uuid: field(uuid()) }
  expect(() => resource({ name: 'brands', names, key: 'brand_uuid', django, fields })).toThrow(
    'Say in names.key by what a path names a row.',
  )
  const { name } = resource({
    name: 'brands',
    names: { ...names, key: 'brand_uuid' },
    key: 'brand_uuid',
    django,
    fields,
  })
  expect(name).toBe('brands')
})

it('a field that refers to no resource is refused when what points at a row is looked for', () => {
  const brands = resource({
    name: 'brands',
    django,
    fields: { pk: field(text()), flow: field(uuid(), { references: 'flwos' }) },
  })
  expect(() => new World([brands], createClock()).pointersTo(brands)).toThrow(
    'brands.flow refers to "flwos", which is no resource.',
  )
})

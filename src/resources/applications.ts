/** Applications: what users see and start; each may stand before one provider. */
import { resource } from '../core/resource.ts'
import { anyObject, boolean, integer, list, nullable, optional, text, uuid } from '../core/schema.ts'
import { defaulted, model, type RowOf } from './model.ts'
import { oauth2Providers, PREFIX } from './oauth2-providers.ts'

const Row = model({
  pk: uuid(),
  name: text(),
  slug: text(),
  provider: defaulted(nullable(integer()), null),
  backchannel_providers: defaulted(list(integer()), []),
  backchannel_providers_obj: defaulted(list(anyObject()), []),
  launch_url: defaulted(nullable(text()), null),
  open_in_new_tab: defaulted(boolean(), false),
  meta_launch_url: defaulted(text(), ''),
  meta_icon: defaulted(nullable(text()), null),
  meta_description: defaulted(text(), ''),
  meta_publisher: defaulted(text(), ''),
  policy_engine_mode: defaulted(text(), 'any'),
  group: defaulted(text(), ''),
  // from 2025.12
  meta_icon_url: optional(nullable(text())),
  meta_icon_themed_urls: optional(nullable(anyObject())),
})
export type Application = RowOf<typeof Row>

export const applications = resource<Application>({
  name: 'applications',
  key: 'pk',
  unique: ['slug', 'provider'],
  model: Row,
  references: { provider: oauth2Providers },
  count: () => 3,
  seed({ number, faker, known }) {
    const name = known.rows(oauth2Providers).get(number)!.name.slice(PREFIX.length)
    const slug = faker.helpers.slugify(name).toLowerCase()
    const url = `https://${slug}.example.com`
    return {
      pk: faker.string.uuid(),
      name,
      slug,
      provider: number,
      backchannel_providers: [],
      backchannel_providers_obj: [],
      launch_url: url,
      open_in_new_tab: false,
      meta_launch_url: url,
      meta_icon: null,
      meta_description: faker.commerce.productDescription(),
      meta_publisher: faker.company.name(),
      policy_engine_mode: 'any',
      group: '',
    }
  },
})

/** Brands: how authentik looks on each domain, and by which flows it leads there. */
import { field, hidden, type RowOfFields } from '../../rest/field.ts'
import { exactly, filterBy, havingUuid, pointing, widget } from '../../rest/filters.ts'
import { operation } from '../../rest/operation.ts'
import { toUuid } from '../../rest/python.ts'
import { resource } from '../../rest/resource.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import {
  anyValue,
  boolean,
  choice,
  component,
  list,
  nullable,
  optional,
  readOnly,
  text,
  uuid,
  withDefault,
} from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'
import { BACKGROUND } from './default-flows.ts'
import { addressOfFile } from '../static-files.ts'

const flow = (addedIn?: string) =>
  field(nullable(uuid()), {
    default: null,
    references: 'flows',
    order: true,
    ...(addedIn === undefined ? { filter: pointing } : { addedIn }),
  })

/** A filter by a flow that a later release has. */
export const flowFilter = (name: 'flow_lockdown' | 'flow_request' | 'flow_user_switch') =>
  filterBy(pointing, (brand: Brand) => brand[name], { target: 'flows', schema: uuid() })
const picture = (name: 'branding_logo' | 'branding_favicon', address: string) =>
  field(text(), {
    default: address,
    filter: exactly,
    order: true,
    getter: (brand, context) => addressOfFile(brand[name], context),
  })
const fields = once(() => ({
  brand_uuid: field(uuid(), { readOnly: true, generate: (random) => random.uuid(), filter: havingUuid, order: true }),
  domain: field(text(), {
    default: 'authentik-default',
    required: true,
    // The database keeps the same domain twice; only the serializer looks at it.
    unique: { isPlain: () => true },
    filter: exactly,
    search: true,
    order: true,
  }),
  default: field(boolean(), { default: false, filter: widget, order: true }),
  branding_title: field(text(), { default: 'authentik', filter: exactly, search: true, order: true }),
  branding_logo: picture('branding_logo', '/static/dist/assets/icons/icon_left_brand.svg'),
  branding_favicon: picture('branding_favicon', '/static/dist/assets/icons/icon.png'),
  branding_custom_css: field(text(), { default: '', addedIn: '2025.4', order: true }),
  branding_default_flow_background: field(text(), {
    default: BACKGROUND,
    getter: (brand, context) => addressOfFile(brand.branding_default_flow_background, context),
    addedIn: '2025.4',
    order: true,
  }),
  branding_map_tiles: field(text(), { default: '', addedIn: '2026.8' }),
  flow_authentication: flow(),
  flow_user_switch: flow('2026.8'),
  flow_invalidation: flow(),
  flow_recovery: flow(),
  flow_unenrollment: flow(),
  flow_user_settings: flow(),
  flow_device_code: flow(),
  flow_lockdown: flow('2026.5'),
  flow_request: flow('2026.8'),
  default_application: field(nullable(uuid()), { default: null, references: 'applications', order: true }),
  web_certificate: field(nullable(uuid()), {
    default: null,
    references: 'certificates',
    filter: pointing,
    order: true,
  }),
  client_certificates: field(list(uuid()), { default: [], references: 'certificates', addedIn: '2025.6' }),
  attributes: field(anyValue(), { default: {}, order: true }),
  /** Whether flows stand in for those that it does not name: to enter the code of a device, and to recover. */
  finds_flows: hidden(boolean(), { default: false }),
}))
/** A row of brands. */
export type Brand = RowOfFields<ReturnType<typeof fields>>

/** How authentik looks on each domain. */
export const brands = resource({
  name: 'brands',
  noun: 'a brand',
  component: 'Brand',
  key: 'brand_uuid',
  django: {
    app: 'authentik_brands',
    className: 'Brand',
    label: (brand) => (brand.default ? 'Default brand' : `Brand ${brand.domain}`),
  },
  fields,
  shorthand: { names: ['domain'] },
  count: 1,
  loadSeed: async () => (await import('../seeds.ts')).seedBrand,
})

// ---- the brand of whoever asks

const FooterLink = once(() => component('FooterLink', { href: readOnly(nullable(text())), name: readOnly(text()) }))
const UiThemeEnum = once(() => choice('UiThemeEnum', ['automatic', 'light', 'dark']))
const CurrentBrand = once(() =>
  component('CurrentBrand', {
    matched_domain: text(),
    branding_title: text(),
    branding_logo: text(),
    branding_favicon: text(),
    ui_footer_links: readOnly(list(FooterLink())),
    ui_theme: withDefault(readOnly(UiThemeEnum()), 'automatic'),
    flow_authentication: optional(text()),
    flow_invalidation: optional(text()),
    flow_recovery: optional(text()),
    flow_unenrollment: optional(text()),
    flow_user_settings: optional(text()),
    flow_device_code: optional(text()),
    default_locale: readOnly(text()),
  }),
)

const load = () => import('../answers/current-brand.ts')

/** What can be done with brands. */
export const operations = [
  ...viewsetOperations(brands, {
    path: '/core/brands/',
    actions: ['list', 'create', 'retrieve', 'update', 'partial_update', 'destroy', 'used_by'],
    ordering: ['domain'],
    lookup: { parameter: 'brand_uuid', schema: uuid(), read: toUuid },
    write: async (values, { world }, brand) => (await load()).checkBrand(values, world, brand),
  }).operations,
  operation({
    id: 'core_brands_current_retrieve',
    method: 'GET',
    tag: 'core',
    parameters: {},
    view: { path: '/core/brands/current/', name: 'Current', description: 'Get current brand', open: 'everybody' },
    summary: 'Shows the brand of the host that is asked.',
    get responses() {
      return { 200: CurrentBrand() }
    },
    resolve: async (context) => (await load()).currentBrand(context),
  }),
]

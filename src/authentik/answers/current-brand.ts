/** The brand of whoever asks, and whether another may be the default; loaded when asked for. */
import { invalid } from '../../rest/errors.ts'
import type { Context } from '../../rest/operation.ts'
import { readKey } from '../../schema/json.ts'
import { anyValue, componentOf, toOpenApi } from '../../schema/words.ts'
import type { World } from '../../store/world.ts'
import { brandOf } from '../brands.ts'
import { brands, type Brand } from '../resources/brands.ts'
import { flows } from '../resources/flows.ts'
import { addressOfFile } from '../static-files.ts'

/** The fields of a brand that name a flow. */
const FLOWS = [
  'flow_authentication',
  'flow_user_switch',
  'flow_invalidation',
  'flow_recovery',
  'flow_unenrollment',
  'flow_user_settings',
  'flow_device_code',
  'flow_lockdown',
  'flow_request',
] as const

/** Flags that an administrator may set, none of which is; those of a licence are not there without one. */
function flagsOf({ operation: { responses }, serializer }: Context): Record<string, boolean> | undefined {
  const schema = responses[200]
  const { properties } = schema ? toOpenApi(componentOf(schema).shape?.['flags'] ?? anyValue()) : {}
  const names = Object.keys(properties ?? {})
  const present = serializer.has('flags-of-licence') ? names.filter((name) => !name.startsWith('enterprise_')) : names
  return Object.fromEntries(present.map((name) => [name, false]))
}

/** The brand of whoever asks, or authentik's own look where no domain has one. */
export function currentBrand(context: Context) {
  const { world } = context
  const brand = brandOf(context)
  const flowSlugs = FLOWS.flatMap((name) => {
    const pk = brand?.[name]
    const slug = typeof pk === 'string' ? world.table(flows).get(pk)?.slug : undefined
    return slug === undefined ? [] : [[name, slug]]
  })
  const settings = readKey(brand?.attributes, 'settings')
  const theme = readKey(readKey(settings, 'theme'), 'base')
  const locale = readKey(settings, 'locale')
  return {
    branding_logo_themed_urls: null,
    branding_favicon_themed_urls: null,
    ...brand,
    matched_domain: brand?.domain ?? 'fallback',
    branding_logo: addressOfFile(brand?.branding_logo ?? '', context),
    branding_favicon: addressOfFile(brand?.branding_favicon ?? '', context),
    ui_footer_links: [],
    ui_theme: typeof theme === 'string' ? theme : 'automatic',
    default_locale: typeof locale === 'string' ? locale : '',
    ...Object.fromEntries([...FLOWS.map((name) => [name, undefined]), ...flowSlugs]),
    flags: flagsOf(context),
  }
}

/** What a body makes of a brand. @throws Problem 400 for a second default one */
export function checkBrand(values: Record<string, unknown>, world: World, brand?: Brand): Record<string, unknown> {
  const siblings = [...world.table(brands).values()].filter((row) => row !== brand)
  if (values['default'] === true && siblings.some((row) => row.default))
    throw invalid({ default: ['Only a single brand can be set as default.'] })
  return values
}

/** What authentik tells everybody of how it is set up (docs/authentik.md#config-version-schema). */
import { operation } from '../../rest/operation.ts'
import { boolean, choice, component, integer, list, number, readOnly, text } from '../../schema/words.ts'

/** What a server may be able to, from 2025.12. */
export const CAPABILITIES = [
  'can_save_media',
  'can_save_reports',
  'can_geo_ip',
  'can_asn',
  'can_impersonate',
  'can_debug',
  'is_enterprise',
] as const

const Config = component('Config', {
  error_reporting: component('ErrorReportingConfig', {
    enabled: readOnly(boolean()),
    sentry_dsn: readOnly(text()),
    environment: readOnly(text()),
    send_pii: readOnly(boolean()),
    traces_sample_rate: readOnly(number({ format: 'double' })),
  }),
  capabilities: list(
    choice('CapabilitiesEnum', [
      'can_save_media',
      'can_geo_ip',
      'can_asn',
      'can_impersonate',
      'can_debug',
      'is_enterprise',
    ]),
  ),
  cache_timeout: integer(),
  cache_timeout_flows: integer(),
  cache_timeout_policies: integer(),
  cache_timeout_reputation: integer(),
})

/** What can be asked of how it is set up. */
export const operations = [
  operation({
    id: 'root_config_retrieve',
    method: 'GET',
    view: {
      path: '/root/config/',
      name: 'Config',
      description: "Read-only view set that returns the current session's Configs",
      open: 'everybody',
    },
    tag: 'root',
    summary: 'How it is set up: as a new authentik is, which reports no errors to anybody.',
    parameters: {},
    responses: { 200: Config },
    resolve: () => ({
      error_reporting: {
        enabled: false,
        sentry_dsn: 'https://151ba72610234c4c97c5bcff4e1cffd8@authentik.error-reporting.a7k.io/4504163677503489',
        environment: 'customer',
        send_pii: false,
        traces_sample_rate: 0.1,
      },
      capabilities: ['can_impersonate', 'is_enterprise'],
      cache_timeout: 300,
      cache_timeout_flows: 300,
      cache_timeout_policies: 300,
      cache_timeout_reputation: 300,
    }),
  }),
]

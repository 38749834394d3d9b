/** What a server tells its administrators of itself; loaded when it is asked for. */
import { addressOf, originOf } from '../../http/message.ts'
import { isObject, readKey } from '../../schema/json.ts'
import type { Context } from '../../rest/operation.ts'
import { toInstant } from '../../store/clock.ts'
import { brandOf } from '../brands.ts'
import { brands } from '../resources/brands.ts'
import { outpostsIn } from './world-lists.ts'

/** The host that the outpost of every authentik is told, as the overview tells it when it is first opened. */
function outpostHost({ world, call }: Context): string {
  const embedded = outpostsIn(world).find((row) => readKey(row, 'managed') === 'goauthentik.io/outposts/embedded')
  if (!embedded) return ''
  const config = readKey(embedded, 'config')
  const host = isObject(config) ? config['authentik_host'] : undefined
  return typeof host === 'string' && host !== '' ? host : addressOf(call)
}

/** What a server runs on: nothing is told of the machine, nor of the headers, which may have secrets. */
export function systemOf(context: Context) {
  const { call, world, release } = context
  const brand = brandOf(context)
  return {
    http_headers: {},
    http_host: new URL(originOf(call)).host,
    http_is_secure: originOf(call).startsWith('https:'),
    runtime: {
      python_version: '3.12.7',
      environment: 'mock',
      architecture: 'x86_64',
      platform: 'authentik-mock',
      uname: 'authentik-mock',
      openssl_version: 'OpenSSL 3.0.15',
      openssl_fips_enabled: null,
      authentik_version: release.version,
    },
    brand: brand ? brands.django.label(brand) : 'Fallback brand',
    server_time: toInstant(world.clock.now()),
    embedded_outpost_disabled: false,
    embedded_outpost_host: outpostHost(context),
  }
}

/** The provider inside a code or token is without its client's secret (CVE-2026-40166); it came to each line at another patch. */
import { inEach } from '../../schema/amend.ts'
import { Provider } from '../resources/oauth2-providers.ts'

/** Providers inside codes and tokens without what is secret. */
export const bareProviders = { components: inEach(['ExpiringBaseGrantModel', 'TokenModel'], { provider: Provider }) }

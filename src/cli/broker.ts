/** Options that name a Pact Broker and its pacts, in the words of Pact's own command line. */
import type { ClientOptions } from '../contract/client/client.ts'
import type { VerifyOptions } from '../contract/verify/run.ts'
import { parseJson } from '../schema/json.ts'
import { readAddress } from './address.ts'
import { flag, text, UsageError, type Option, type Values } from './options.ts'

const selectors: Option<object[]> = {
  value: 'JSON',
  help: 'which pacts, such as {"mainBranch":true}; may be given several times',
  multiple: true,
  read(json) {
    const parsed = [parseJson(json)].flat()
    if (!parsed.every((selector): selector is object => typeof selector === 'object' && selector !== null))
      throw new Error('Give an object in JSON, such as {"mainBranch":true}.')
    return parsed
  },
}

/** The options of a command that may ask a Pact Broker. */
export const brokerOptions = {
  'broker-url': text(
    'a Pact Broker with more pacts; PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD',
    'URL',
  ),
  'consumer-version-selectors': selectors,
  'enable-pending': flag('a pact that was never verified does not fail; takes --provider-branch'),
  'include-wip-pacts-since': text('also pacts that are in work since then; takes --provider-branch', 'DATE'),
  'provider-branch': text('the branch that authentik is deployed from', 'NAME'),
  'publish-verification': flag('make known to the broker what came of its pacts'),
  'provider-version': text('the version to make it known for (the release that the server says)', 'VERSION'),
  'build-url': text('where the build can be looked at', 'URL'),
}

/**
 * Turns the options into a broker; undefined when none is named.
 *
 * @param provider what authentik is called there
 * @throws UsageError for options that make no sense together
 */
export function toBroker(
  values: Values<typeof brokerOptions>,
  provider: string,
  env: Record<string, string | undefined>,
  client: ClientOptions,
): VerifyOptions['broker'] {
  const { 'broker-url': url, 'provider-branch': branch } = values
  const isPresent = (name: string) => values.optionNames.has(name)
  if (url === undefined) {
    const lonely = Object.keys(brokerOptions).find(isPresent)
    if (lonely) throw new UsageError(`--${lonely} is for a Pact Broker. Give its address too: --broker-url URL`)
    return undefined
  }
  for (const name of ['enable-pending', 'include-wip-pacts-since'] as const)
    if (isPresent(name) && branch === undefined)
      throw new UsageError(`--${name} is decided for a branch. Give it: --provider-branch NAME`)
  for (const name of ['provider-version', 'build-url'] as const)
    if (isPresent(name) && !values['publish-verification'])
      throw new UsageError(`--${name} is for what is published. Give too: --publish-verification`)
  return {
    url: readAddress(url, 'its credentials in PACT_BROKER_TOKEN, or in PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD'),
    authorization: toAuthorization(env),
    client,
    mayPublish: values['publish-verification'] === true,
    source: {
      provider,
      consumerVersionSelectors: values['consumer-version-selectors'] ?? [],
      enablePending: values['enable-pending'] === true,
      publishVerificationResult: values['publish-verification'] === true,
      includeWipPactsSince: values['include-wip-pacts-since'],
      providerVersionBranch: branch,
      providerVersion: values['provider-version'],
      buildUrl: values['build-url'],
    },
  }
}

/** Makes the Authorization header from the variables that Pact's own tools read. */
function toAuthorization({
  PACT_BROKER_TOKEN: token,
  PACT_BROKER_USERNAME: username,
  PACT_BROKER_PASSWORD: password,
}: Record<string, string | undefined>): string | undefined {
  const basic = () => `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`
  const authorization = token ? `Bearer ${token}` : username ? basic() : undefined
  if (authorization !== undefined && !/^[\x20-\x7e]+$/.test(authorization))
    throw new UsageError('PACT_BROKER_TOKEN holds what no header can carry. Give the token, and nothing else.')
  return authorization
}

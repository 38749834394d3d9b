/** A provider says which grants it gives, a redirect URI what it is for; applications can hide; parameters refer to their sets of values. */
import { inEach, placedAfter } from '../../schema/amend.ts'
import { boolean, choice, described, list, nullable, optional, readOnly, withDefault } from '../../schema/words.ts'
import { IntentEnum } from '../resources/api-tokens.ts'
import { AUTHENTICATIONS, DeniedActionEnum, FlowDesignationEnum } from '../resources/flows.ts'
import {
  ClientTypeEnum,
  GRANT_TYPES,
  IssuerModeEnum,
  RedirectURITypeEnum,
  SubModeEnum,
} from '../resources/oauth2-providers.ts'
import { FORMATS, LANGUAGES } from '../resources/schema.ts'
import { UserTypeEnum } from '../resources/users.ts'
import { KEY_TYPES } from './2025.12.ts'
import { third as previous } from './2026.2.ts'
import { changesSince, releaseLine } from './note.ts'

const KeyTypeEnum = choice('KeyTypeEnum', ['dsa', 'ec', 'ed25519', 'ed448', 'rsa'])
const GrantTypesEnum = choice('GrantTypesEnum', GRANT_TYPES)

/** 2026.5.0. */
export const first = changesSince(previous, '2026.5.0', {
  components: {
    ...inEach(['Application', 'ApplicationRequest'], { meta_hide: optional(boolean()) }),
    AuthenticationEnum: choice('AuthenticationEnum', [
      ...AUTHENTICATIONS,
      'require_redirect',
      'require_outpost',
      'require_token',
    ]),
    CertificateKeyPair: { key_type: readOnly(nullable(choice('CertificateKeyPairKeyTypeEnum', KEY_TYPES))) },
    ...inEach(['OAuth2Provider', 'OAuth2ProviderRequest'], {
      grant_types: placedAfter('client_type', optional(list(GrantTypesEnum))),
    }),
    ...inEach(['RedirectURI', 'RedirectURIRequest'], {
      redirect_uri_type: withDefault(optional(RedirectURITypeEnum), 'authorization'),
    }),
  },
  operations: {
    core_tokens_list: { documents: { intent: IntentEnum } },
    core_users_list: { documents: { type: list(UserTypeEnum) } },
    crypto_certificatekeypairs_list: { documents: { key_type: list(KeyTypeEnum) } },
    flows_instances_list: {
      documents: {
        denied_action: described(DeniedActionEnum, 'What becomes of who is denied.'),
        designation: described(FlowDesignationEnum, 'What it is for.'),
      },
    },
    providers_oauth2_list: {
      documents: {
        client_type: described(ClientTypeEnum, 'Whether the client can keep a secret.'),
        issuer_mode: described(IssuerModeEnum, 'Whether each provider is an issuer of its own.'),
        sub_mode: described(SubModeEnum, 'What the `sub` claim holds.'),
      },
    },
    schema_retrieve: { documents: { format: choice('FormatEnum', FORMATS), lang: choice('LangEnum', LANGUAGES) } },
  },
})

/** 2026.5. */
export const line = releaseLine('2026.5', 6, first)

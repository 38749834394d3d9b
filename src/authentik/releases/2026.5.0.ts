/** A provider says which grants it gives, a redirect URI what it is for; applications can hide; parameters refer to their sets of values. */
import { after, inEach } from '../../schema/amend.ts'
import { amend } from './note.ts'
import { boolean, choice, described, list, optional, unlessSaid } from '../../schema/words.ts'
import { IntentEnum } from '../resources/api-tokens.ts'
import {
  ClientTypeEnum,
  GRANT_TYPES,
  IssuerModeEnum,
  RedirectURITypeEnum,
  SubModeEnum,
} from '../resources/oauth2-providers.ts'
import { FORMATS, LANGUAGES } from '../resources/schema.ts'
import { UserTypeEnum } from '../resources/users.ts'
import { note as previous } from './2026.2.3.ts'

const GrantTypesEnum = choice('GrantTypesEnum', GRANT_TYPES)

export const note = amend(previous, '2026.5.0', {
  components: {
    Application: { meta_hide: optional(boolean()) },
    ...inEach(['OAuth2Provider', 'OAuth2ProviderRequest'], {
      grant_types: after('client_type', optional(list(GrantTypesEnum))),
    }),
    ...inEach(['RedirectURI', 'RedirectURIRequest'], {
      redirect_uri_type: unlessSaid(optional(RedirectURITypeEnum), 'authorization'),
    }),
  },
  operations: {
    core_tokens_list: { documents: { intent: IntentEnum } },
    core_users_list: { documents: { type: list(UserTypeEnum) } },
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

/** A provider says which grants it gives, a redirect URI what it is for; applications can hide; parameters refer to their sets of values. */
import { inEach, placedAfter } from '../../schema/amend.ts'
import {
  boolean,
  choice,
  deprecated,
  described,
  integer,
  list,
  nullable,
  objectOf,
  optional,
  readOnly,
  text,
  uuid,
  withDefault,
} from '../../schema/words.ts'
import { userAgentOf } from '../resources/authenticated-sessions.ts'
import { flowFilter } from '../resources/brands.ts'
import { EventActions, ofContext } from '../resources/events.ts'
import { GroupMember, UserGroup } from '../resources/groups.ts'
import { InvalidResponseActionEnum } from '../resources/listed-stages.ts'
import { SeverityEnum } from '../resources/notifications.ts'
import { policies } from '../resources/policy-bindings.ts'
import { PolicyEngineMode } from '../resources/policy-engine-mode.ts'
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
import { autocomplete } from './2025.8.ts'
import { KEY_TYPES } from './2025.12.ts'
import { third as previous } from './2026.2.ts'
import { changesSince, releaseLine } from './note.ts'

const KeyTypeEnum = choice('KeyTypeEnum', ['dsa', 'ec', 'ed25519', 'ed448', 'rsa'])
const GrantTypesEnum = choice('GrantTypesEnum', GRANT_TYPES)

const optionalFlow = optional(nullable(uuid()))
const context_device = ofContext('device', 'pk')

/** The flags of a brand of which one is not to be used any more. */
export const lastingFlags = (...names: string[]) =>
  readOnly(
    objectOf({
      ...Object.fromEntries([...names, 'flows_continuous_login'].map((name) => [name, boolean()])),
      flows_refresh_others: deprecated(boolean()),
    }),
  )

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
  management: () => ({
    components: {
      ...inEach(['Brand', 'BrandRequest'], { flow_lockdown: placedAfter('flow_device_code', optionalFlow) }),
      CurrentBrand: {
        flow_lockdown: placedAfter('flow_device_code', optional(text())),
        flags: lastingFlags('core_default_app_access', 'enterprise_audit_include_expanded_diff'),
      },
      'PaginatedExtra*ObjectPermissionList': { autocomplete },
      AuthenticatedSession: { user_agent: userAgentOf(() => nullable(text())) },
      PolicyBinding: {
        policy_obj: readOnly(nullable(policies.component)),
        group_obj: readOnly(nullable(UserGroup)),
        user_obj: readOnly(nullable(GroupMember)),
      },
    },
    operations: {
      core_brands_list: { filters: { flow_lockdown: flowFilter('flow_lockdown') } },
      flows_bindings_list: {
        documents: {
          invalid_response_action: described(InvalidResponseActionEnum(), 'What becomes of the flow.'),
          policy_engine_mode: PolicyEngineMode,
        },
      },
      events_notifications_list: { documents: { severity: SeverityEnum() } },
      events_events_list: { filters: { context_device }, documents: { actions: list(EventActions()) } },
      events_events_volume_list: {
        filters: { context_device },
        query: { history_days: { schema: withDefault(integer(), 7) } },
        documents: { actions: list(EventActions()) },
      },
    },
  }),
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

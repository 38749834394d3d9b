/** The models of authentik that a permission on one row may be about; loaded when asked for. */
import { isWithin } from '../releases/versions.ts'

/** Each line has an app, its models, and the lines of releases that have them. */
const MODELS = `
agents agent 2026.8-
blueprints blueprintinstance
brands brand
core application group token user
core applicationentitlement 2024.12-
core actor objectattribute 2026.8-
crypto certificatekeypair
endpoints deviceaccessgroup deviceuserbinding endpointstage 2025.12-
endpoints_connectors_agent agentconnector agentdeviceuserbinding enrollmenttoken 2025.12-
endpoints_connectors_fleet fleetconnector 2026.2-
endpoints_connectors_google_chrome googlechromeconnector 2026.5-
enterprise license
events event notification notificationrule notificationtransport notificationwebhookmapping
flows flow flowstagebinding
lifecycle lifecycleiteration lifecyclerule review 2026.2-
lifecycle useroffboarding 2026.8-
outposts dockerserviceconnection kubernetesserviceconnection outpost
policies policybinding
policies_dummy dummypolicy
policies_event_matcher eventmatcherpolicy
policies_expiry passwordexpirypolicy
policies_expression expressionpolicy
policies_geoip geoippolicy 2024.8-
policies_password passwordpolicy
policies_reputation reputationpolicy
policies_unique_password uniquepasswordpolicy 2025.4-
providers_google_workspace googleworkspaceprovider googleworkspaceprovidermapping 2024.6-
providers_ldap ldapprovider
providers_microsoft_entra microsoftentraprovider microsoftentraprovidermapping 2024.6-
providers_oauth2 oauth2provider scopemapping
providers_oauth2 oauth2dynamicclientregistration 2026.8-
providers_proxy proxyprovider
providers_rac endpoint racpropertymapping racprovider
providers_radius radiusprovider
providers_radius radiusproviderpropertymapping 2024.8-
providers_saml samlpropertymapping samlprovider
providers_scim scimmapping scimprovider
providers_ssf ssfprovider 2025.2-
providers_ws_federation wsfederationprovider 2026.2-
rbac role
rbac initialpermissions 2025.4-
reports dataexport 2025.12-
requests grantrequest requestrule requestrulebinding requestrulechildbinding 2026.8-
sources_kerberos groupkerberossourceconnection kerberossource kerberossourcepropertymapping userkerberossourceconnection 2024.10-
sources_ldap ldapsource
sources_ldap ldappropertymapping -2024.6
sources_ldap ldapsourcepropertymapping 2024.8-
sources_ldap groupldapsourceconnection userldapsourceconnection 2025.4-
sources_oauth oauthsource useroauthsourceconnection
sources_oauth groupoauthsourceconnection oauthsourcepropertymapping 2024.8-
sources_plex plexsource
sources_plex plexsourceconnection -2024.6
sources_plex groupplexsourceconnection plexsourcepropertymapping userplexsourceconnection 2024.8-
sources_saml samlsource usersamlsourceconnection
sources_saml groupsamlsourceconnection samlsourcepropertymapping 2024.8-
sources_scim scimsource 2024.4-
sources_scim scimsourcepropertymapping 2024.8-
sources_telegram grouptelegramsourceconnection telegramsource telegramsourcepropertymapping usertelegramsourceconnection 2025.10-
stages_account_lockdown accountlockdownstage 2026.5-
stages_authenticator_duo authenticatorduostage duodevice
stages_authenticator_email authenticatoremailstage emaildevice 2025.2-
stages_authenticator_endpoint_gdtc authenticatorendpointgdtcstage 2024.10-
stages_authenticator_sms authenticatorsmsstage smsdevice
stages_authenticator_static authenticatorstaticstage staticdevice
stages_authenticator_totp authenticatortotpstage totpdevice
stages_authenticator_validate authenticatorvalidatestage
stages_authenticator_webauthn webauthndevice
stages_authenticator_webauthn authenticatewebauthnstage -2024.2
stages_authenticator_webauthn authenticatorwebauthnstage 2024.4-
stages_captcha captchastage
stages_consent consentstage
stages_consent userconsent -2025.8
stages_deny denystage
stages_dummy dummystage
stages_email emailstage
stages_identification identificationstage
stages_invitation invitation invitationstage
stages_mtls mutualtlsstage 2025.6-
stages_password passwordstage
stages_prompt prompt promptstage
stages_redirect redirectstage 2024.12-
stages_source sourcestage 2024.4-
stages_user_delete userdeletestage
stages_user_login userloginstage
stages_user_logout userlogoutstage
stages_user_write userwritestage
tasks_schedules schedule 2025.8-
tenants domain
`

/** The models that a release has, as `app.model`. @param version such as `2024.8.3` */
export const modelsIn = (version: string): Set<string> =>
  new Set(
    MODELS.trim()
      .split('\n')
      .flatMap((line) => {
        const [app, ...words] = line.split(' ')
        const range = words.find((word) => word.includes('-')) ?? '-'
        const models = words.filter((word) => word !== range)
        return range === '-' || isWithin(version, range) ? models.map((model) => `authentik_${app}.${model}`) : []
      }),
  )

/** What can be made of each kind of thing, as servers of 2024.8.4 and 2026.2.2 list it; loaded when it is asked for. */

/** A kind of thing of which several types can be made. */
export type KindOfType = 'stages' | 'propertymappings' | 'providers' | 'policies'

/** One type. */
interface CreatableType {
  name: string
  description: string
  component: string
  model_name: string
  requires_enterprise: boolean
  deprecated: boolean
  /** The address of its picture. */
  icon_url?: string
  /** The lines of releases that have it so; those between the two that were seen follow from their operations. */
  lines?: string
}

/** The types of a kind, in their order. */
export const typesOf = (kind: KindOfType): CreatableType[] => TYPES[kind].trim().split('\n').map(toType)

function toType(line: string): CreatableType {
  const [name = '', description = '', form = '', model_name = '', marks = '', lines, icon_url] = line.split('|')
  return {
    name,
    // A slash between spaces stands for the end of a line.
    description: description.replace(' / ', '\n'),
    component: `ak-${form}-form`,
    model_name,
    requires_enterprise: marks.includes('licensed'),
    deprecated: marks.includes('deprecated'),
    ...(icon_url && { icon_url }),
    ...(lines && { lines }),
  }
}

/** A line each: name, description, form, model, what is special of it, lines of releases, and picture. */
const TYPES: Readonly<Record<KindOfType, string>> = {
  stages: `
Authenticator Validation Stage|Validate user's configured OTP Device.|stage-authenticator-validate|authenticatorvalidatestage||-2024.12
Authenticator Validation Stage|Validate user's configured Multi Factor Authentication.|stage-authenticator-validate|authenticatorvalidatestage||2025.2-
Captcha Stage|Verify the user is human using Google's reCaptcha.|stage-captcha|captchastage||-2024.12
Captcha Stage|Verify the user is human using Google's reCaptcha/other compatible CAPTCHA solutions.|stage-captcha|captchastage||2025.2-
Consent Stage|Prompt the user for confirmation.|stage-consent|consentstage
Deny Stage|Cancels the current flow.|stage-deny|denystage
Duo Authenticator Setup Stage|Setup Duo authenticator devices|stage-authenticator-duo|authenticatorduostage||-2024.12
Duo Authenticator Setup Stage|Setup Duo authentication for the user.|stage-authenticator-duo|authenticatorduostage||2025.2-
Email Authenticator Setup Stage|Setup Email-based authentication for the user.|stage-authenticator-email|authenticatoremailstage||2025.2-
Email Stage|Sends an Email to the user with a token to confirm their Email address.|stage-email|emailstage||-2024.12
Email Stage|Send an Email to the user with a token to confirm their Email address.|stage-email|emailstage||2025.2-
Endpoint Authenticator Google Device Trust Connector Stage|Verify Google Chrome Device Trust connection for the user's browser.|stage-authenticator-endpoint-gdtc|authenticatorendpointgdtcstage|licensed,deprecated|2024.10-
Endpoint Stage|Stage which associates the currently used device with the current session.|endpoints-stage|endpointstage||2025.12-
Identification Stage|Allows the user to identify themselves for authentication.|stage-identification|identificationstage||-2024.12
Identification Stage|Identify the user for authentication.|stage-identification|identificationstage||2025.2-
Invitation Stage|Simplify enrollment; allow users to use a single / link to create their user with pre-defined parameters.|stage-invitation|invitationstage
Mutual TLS Stage|Authenticate/enroll users using a client-certificate.|stage-mtls|mutualtlsstage|licensed|2025.6-
Password Stage|Prompts the user for their password, and validates it against the configured backends.|stage-password|passwordstage||-2024.12
Password Stage|Prompt the user for their password, and validate it against the configured backends.|stage-password|passwordstage||2025.2-
Prompt Stage|Define arbitrary prompts for the user.|stage-prompt|promptstage||-2024.12
Prompt Stage|Prompt the user to enter information.|stage-prompt|promptstage||2025.2-
Redirect Stage|Redirect the user to another flow, potentially with all gathered context.|stage-redirect|redirectstage||2024.12-
SMS Authenticator Setup Stage|Use SMS-based TOTP instead of authenticator-based.|stage-authenticator-sms|authenticatorsmsstage
Source Stage|Suspend the current flow execution and send the user to a source, / after which this flow execution is resumed.|stage-source|sourcestage|licensed|-2024.12
Source Stage|Suspend the current flow execution and send the user to a federated source, / after which this flow execution is resumed.|stage-source|sourcestage|licensed|2025.2-
Static Authenticator Setup Stage|Generate static tokens for the user as a backup.|stage-authenticator-static|authenticatorstaticstage||-2024.12
Static Authenticator Setup Stage|Setup static token based authentication for the user.|stage-authenticator-static|authenticatorstaticstage||2025.2-
TOTP Authenticator Setup Stage|Enroll a user's device into Time-based OTP.|stage-authenticator-totp|authenticatortotpstage||-2024.12
TOTP Authenticator Setup Stage|Setup Time-based OTP authentication for the user.|stage-authenticator-totp|authenticatortotpstage||2025.2-
User Delete Stage|Deletes the currently pending user without confirmation. / Use with caution.|stage-user-delete|userdeletestage||-2024.12
User Delete Stage|Delete the pending user without confirmation. / Use with caution.|stage-user-delete|userdeletestage||2025.2-
User Login Stage|Attaches the currently pending user to the current session.|stage-user-login|userloginstage||-2024.12
User Login Stage|Attach the pending user to the current session.|stage-user-login|userloginstage||2025.2-
User Logout Stage|Resets the users current session.|stage-user-logout|userlogoutstage||-2024.12
User Logout Stage|Ends the user's session.|stage-user-logout|userlogoutstage||2025.2-
User Write Stage|Writes currently pending data into the pending user, or if no user exists, / creates a new user with the data.|stage-user-write|userwritestage||-2024.12
User Write Stage|Write pending data into the pending user, or if no user exists, / create a new user with the data.|stage-user-write|userwritestage||2025.2-
WebAuthn Authenticator Setup Stage|WebAuthn stage|stage-authenticator-webauthn|authenticatorwebauthnstage||-2024.12
WebAuthn Authenticator Setup Stage|Setup WebAuthn-based authentication for the user.|stage-authenticator-webauthn|authenticatorwebauthnstage||2025.2-
`,
  propertymappings: `
Google Workspace Provider Mapping|Map authentik data to outgoing Google requests|property-mapping-provider-google-workspace|googleworkspaceprovidermapping|licensed
Kerberos Source Property Mapping|Map Kerberos Property to User object attribute|property-mapping-source-kerberos|kerberossourcepropertymapping||2024.10-
LDAP Source Property Mapping|Map LDAP Property to User or Group object attribute|property-mapping-source-ldap|ldapsourcepropertymapping
Microsoft Entra Provider Mapping|Map authentik data to outgoing Microsoft requests|property-mapping-provider-microsoft-entra|microsoftentraprovidermapping|licensed
OAuth Source Property Mapping|Map OAuth properties to User or Group object attributes|property-mapping-source-oauth|oauthsourcepropertymapping
Plex Source Property Mapping|Map Plex properties to User of Group object attributes|property-mapping-source-plex|plexsourcepropertymapping
RAC Provider Property Mapping|Configure settings for remote access endpoints.|property-mapping-provider-rac|racpropertymapping|licensed|-2024.12
RAC Provider Property Mapping|Configure settings for remote access endpoints.|property-mapping-provider-rac|racpropertymapping||2025.2-
Radius Provider Property Mapping|Add additional attributes to Radius authentication responses.|property-mapping-provider-radius|radiusproviderpropertymapping
SAML Provider Property Mapping|Map User/Group attribute to SAML Attribute, which can be used by the Service Provider|property-mapping-provider-saml|samlpropertymapping
SAML Source Property Mapping|Map SAML properties to User or Group object attributes|property-mapping-source-saml|samlsourcepropertymapping
SCIM Provider Mapping|Map authentik data to outgoing SCIM requests|property-mapping-provider-scim|scimmapping
SCIM Source Property Mapping|Map SCIM properties to User or Group object attributes|property-mapping-source-scim|scimsourcepropertymapping
Scope Mapping|Map an OAuth Scope to users properties|property-mapping-provider-scope|scopemapping
Telegram Source Property Mapping|Map Telegram properties to User or Group object attributes|property-mapping-source-telegram|telegramsourcepropertymapping||2025.10-
Webhook Mapping|Modify the payload of outgoing webhook requests|property-mapping-notification|notificationwebhookmapping
`,
  providers: `
Google Workspace Provider|Sync users from authentik into Google Workspace.|provider-google-workspace|googleworkspaceprovider|licensed||/static/authentik/sources/google.svg
LDAP Provider|Allow applications to authenticate against authentik's users using LDAP.|provider-ldap|ldapprovider|||/static/authentik/sources/ldap.png
Microsoft Entra Provider|Sync users from authentik into Microsoft Entra.|provider-microsoft-entra|microsoftentraprovider|licensed||/static/authentik/sources/azuread.svg
OAuth2/OpenID Provider|OAuth2 Provider for generic OAuth and OpenID Connect Applications.|provider-oauth2|oauth2provider|||/static/authentik/sources/openidconnect.svg
Proxy Provider|Protect applications that don't support any of the other / Protocols by using a Reverse-Proxy.|provider-proxy|proxyprovider|||/static/authentik/sources/proxy.svg
RAC Provider|Remotely access computers/servers via RDP/SSH/VNC.|provider-rac|racprovider|licensed|-2024.12|/static/authentik/sources/rac.svg
RAC Provider|Remotely access computers/servers via RDP/SSH/VNC.|provider-rac|racprovider||2025.2-|/static/authentik/sources/rac.svg
Radius Provider|Allow applications to authenticate against authentik's users using Radius.|provider-radius|radiusprovider|||/static/authentik/sources/radius.svg
SAML Provider|SAML 2.0 Endpoint for applications which support SAML.|provider-saml|samlprovider|||/static/authentik/sources/saml.png
SAML Provider from Metadata|Create a SAML Provider by importing its Metadata.|provider-saml-import|samlproviderimportmodel|||/static/authentik/sources/saml.png
SCIM Provider|SCIM 2.0 provider to create users and groups in external applications|provider-scim|scimprovider|||/static/authentik/sources/scim.png
Shared Signals Framework Provider|Shared Signals Framework provider to allow applications to / receive user events from authentik.|provider-ssf|ssfprovider|licensed|2025.2-|/static/authentik/sources/ssf.svg
WS-Federation Provider|WS-Federation for applications which support WS-Fed.|provider-wsfed|wsfederationprovider|licensed|2026.2-|/static/authentik/sources/wsfed.svg
`,
  // What these are for is said in our words, because no server was asked.
  policies: `
Dummy Policy|Passes or fails as it is told, after a while, to try out what policies do.|policy-dummy|dummypolicy
Event Matcher Policy|Passes for events that are as it says.|policy-event-matcher|eventmatcherpolicy
Expression Policy|Runs an expression in Python, which says whether it passes.|policy-expression|expressionpolicy
GeoIP Policy|Passes where the address of a user is in the right place or network.|policy-geoip|geoippolicy||2024.12-
Password Expiry Policy|Fails where a password is older than so many days.|policy-password-expiry|passwordexpirypolicy
Password Policy|Passes for passwords that are long and varied enough.|policy-password|passwordpolicy
Password Uniqueness Policy|Fails for a password that a user has had before.|policy-password-uniqueness|uniquepasswordpolicy|licensed|2025.4-
Reputation Policy|Passes for users and addresses whose logins failed too often.|policy-reputation|reputationpolicy
`,
}

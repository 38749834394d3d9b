/** What the tests of OAuth2 providers share, and the tables that they go through. */
import { findRow, NO_UUID, NUL, notAmong, notUuid, recordedWorld } from '../../support/recordings.ts'

/** The path of the list of providers. */
export const PROVIDERS = '/providers/oauth2/'
/** The path of the recorded provider Demo. */
export const DEMO = '/providers/oauth2/1/'
/** The names of the recorded providers, in their order. */
export const NAMES = ['Demo', 'SPA', 'Unassigned']
/** The flow that providers Demo and Unassigned authorize by. */
export const FLOW = 'ff82a319-84ec-47bb-bb2f-f0eba144f1b6'
/** The flow that the provider SPA authorizes by. */
export const OTHER_FLOW = '1739ee30-3f79-41c0-8809-136ca08a3bc3'
/** The key that Demo signs with. */
export const KEY = '1ea1ece8-35aa-402f-a12d-9a84ba78a10b'
/** The application of Demo. */
export const DEMO_APP = 'a16d841c-6108-4ebd-8ba4-4bd0495ebcb0'
/** The application without a provider. */
export const ORPHAN_APP = '44f64221-ff1f-4b13-b4b7-2358bb368048'
/** The key of the recorded scope mapping that has this scope. */
export const scopeKey = (scope: string): string => findRow(recordedWorld.scope_mappings, 'scope_name', scope).pk
/** The least that a body can make a provider of. */
export const LEAST = { name: 'New', authorization_flow: FLOW }
/** The requests that have a body: the one that makes a provider, and those that replace and change Demo. */
export const WRITES = {
  POST: ['POST', PROVIDERS],
  PUT: ['PUT', DEMO],
  PATCH: ['PATCH', DEMO],
} as const

/** What is said of an empty text. */
export const BLANK = 'This field may not be blank.'
/** What is said of null. */
export const NULL = 'This field may not be null.'
/** What is said of a value that is no text. */
export const NO_TEXT = 'Not a valid string.'
/** What is said of a value that is no boolean. */
export const NO_BOOLEAN = 'Must be a valid boolean.'
/** What is said of a long text. */
export const TOO_LONG = 'Ensure this field has no more than 255 characters.'
/** What is said of the key of a row that is not there. */
export const noPk = (key: string) => `Invalid pk "${key}" - object does not exist.`
/** What is said of a value that is no list, by its type in Python. */
export const noList = (type: string) => `Expected a list of items but got type "${type}".`
/** What is said of a text that is no duration. */
export const noSpan = (value: string) => `${value} is not in the correct format of 'hours=3;minutes=1'.`
/** What is said of a value that is none of those documented. */
export const noChoice = (value: string) => `"${value}" is not a valid choice.`
/** What is said of a boolean in the place of a key. */
export const BOOL_FOR_PK = 'Incorrect type. Expected pk value, received bool.'
/** What a filter says of a key that it does not find. */
export const NO_CHOICE = notAmong('That choice')

/** Values that a field of a body may not have, and what is said of them. */
export const REFUSED: readonly (readonly [field: string, value: unknown, message: string])[] = [
  ['name', '', BLANK],
  ['name', '   ', BLANK],
  ['name', null, NULL],
  ['name', true, NO_TEXT],
  ['name', ['a'], NO_TEXT],
  ['name', { a: 1 }, NO_TEXT],
  ['name', 'a\0b', NUL],
  ['name', 'SPA', 'provider with this name already exists.'],
  ['name', ' SPA ', 'provider with this name already exists.'],
  ['authentication_flow', 'nope', notUuid('nope')],
  ['authentication_flow', NO_UUID, noPk(NO_UUID)],
  ['authentication_flow', false, BOOL_FOR_PK],
  ['authentication_flow', 1.5, notUuid('1.5')],
  ['authentication_flow', ` ${FLOW}`, notUuid(` ${FLOW}`)],
  ['authorization_flow', null, NULL],
  ['authorization_flow', 'nope', notUuid('nope')],
  ['authorization_flow', FLOW.slice(1), notUuid(FLOW.slice(1))],
  ['authorization_flow', NO_UUID, noPk(NO_UUID)],
  ['authorization_flow', true, BOOL_FOR_PK],
  ['authorization_flow', [], notUuid('[]')],
  ['authorization_flow', {}, notUuid('{}')],
  ['property_mappings', null, NULL],
  ['property_mappings', '', noList('str')],
  ['property_mappings', 'nope', noList('str')],
  ['property_mappings', 5, noList('int')],
  ['property_mappings', 1.5, noList('float')],
  ['property_mappings', true, noList('bool')],
  ['property_mappings', ['nope'], notUuid('nope')],
  ['property_mappings', [''], notUuid('')],
  ['property_mappings', [NO_UUID], noPk(NO_UUID)],
  ['property_mappings', [true], BOOL_FOR_PK],
  ['property_mappings', [scopeKey('openid'), 'nope', NO_UUID], notUuid('nope')],
  ['property_mappings', [scopeKey('openid'), NO_UUID], noPk(NO_UUID)],
  ['client_type', '', noChoice('')],
  ['client_type', null, NULL],
  ['client_type', 'nope', noChoice('nope')],
  ['client_type', 'Public', noChoice('Public')],
  ['client_type', 5, noChoice('5')],
  ['client_type', true, noChoice('True')],
  ['client_type', false, noChoice('False')],
  ['client_id', '', BLANK],
  ['client_id', ' ', BLANK],
  ['client_id', null, NULL],
  ['client_id', false, NO_TEXT],
  ['client_id', [], NO_TEXT],
  ['client_id', 'x'.repeat(256), TOO_LONG],
  ['client_id', 'a\0', NUL],
  ['client_id', 'spa-client', 'OAuth2/OpenID Provider with this Client ID already exists.'],
  ['client_secret', null, NULL],
  ['client_secret', true, NO_TEXT],
  ['client_secret', {}, NO_TEXT],
  ['client_secret', 'x'.repeat(256), TOO_LONG],
  ['client_secret', '\0a', NUL],
  ['access_code_validity', '', BLANK],
  ['access_code_validity', null, NULL],
  ['access_code_validity', true, NO_TEXT],
  ['access_code_validity', 'x', noSpan('x')],
  ['access_code_validity', 5, noSpan('5')],
  ['access_code_validity', 1.5, noSpan('1.5')],
  ['access_code_validity', 'hours', noSpan('hours')],
  ['access_code_validity', 'hours=', noSpan('hours=')],
  ['access_code_validity', 'hours=a', noSpan('hours=a')],
  ['access_code_validity', 'hours=1;', noSpan('hours=1;')],
  ['access_code_validity', 'hours=1=2', noSpan('hours=1=2')],
  ['access_code_validity', 'hours =1', noSpan('hours =1')],
  ['access_code_validity', 'hours=0x10', noSpan('hours=0x10')],
  ['access_code_validity', 'hours=nan', noSpan('hours=nan')],
  ['access_code_validity', 'hours=1;minutes', noSpan('hours=1;minutes')],
  ['access_code_validity', 'years=1', noSpan('years=1')],
  ['access_code_validity', ';', noSpan(';')],
  ['access_token_validity', '', BLANK],
  ['access_token_validity', 'x', noSpan('x')],
  ['access_token_validity', [], NO_TEXT],
  ['refresh_token_validity', null, NULL],
  ['refresh_token_validity', 'days:30', noSpan('days:30')],
  ['include_claims_in_id_token', null, NULL],
  ['include_claims_in_id_token', '', NO_BOOLEAN],
  ['include_claims_in_id_token', 'null', NO_BOOLEAN],
  ['include_claims_in_id_token', 'maybe', NO_BOOLEAN],
  ['include_claims_in_id_token', 2, NO_BOOLEAN],
  ['include_claims_in_id_token', [], NO_BOOLEAN],
  ['include_claims_in_id_token', {}, NO_BOOLEAN],
  ['signing_key', 'nope', notUuid('nope')],
  ['signing_key', NO_UUID, noPk(NO_UUID)],
  ['signing_key', FLOW, noPk(FLOW)],
  ['signing_key', true, BOOL_FOR_PK],
  ['redirect_uris', null, NULL],
  ['redirect_uris', true, NO_TEXT],
  ['redirect_uris', [{ matching_mode: 'strict', url: 'https://app.example.com' }], NO_TEXT],
  ['redirect_uris', 'https://app.example.com/\0', NUL],
  ['sub_mode', '', noChoice('')],
  ['sub_mode', null, NULL],
  ['sub_mode', 'user_pk', noChoice('user_pk')],
  ['sub_mode', 0, noChoice('0')],
  ['issuer_mode', '', noChoice('')],
  ['issuer_mode', null, NULL],
  ['issuer_mode', 'GLOBAL', noChoice('GLOBAL')],
  ['jwks_sources', null, NULL],
  ['jwks_sources', 'nope', noList('str')],
  ['jwks_sources', 5, noList('int')],
  ['jwks_sources', ['nope'], notUuid('nope')],
]

/** Values that a field of a body may have, and what a provider then has. */
export const TAKEN: readonly (readonly [field: string, value: unknown, result: unknown])[] = [
  ['name', 5, '5'],
  ['name', 1.5, '1.5'],
  ['name', '  Padded\t', 'Padded'],
  ['name', 'Demo', 'Demo'],
  ['client_id', 'demo-client', 'demo-client'],
  ['client_id', 'x'.repeat(255), 'x'.repeat(255)],
  ['client_secret', '', ''],
  ['client_secret', ' ', ''],
  ['client_secret', 7, '7'],
  ['redirect_uris', '', ''],
  [
    'redirect_uris',
    ' https://a.example.com/\nhttps://b.example.com/ ',
    'https://a.example.com/\nhttps://b.example.com/',
  ],
  ['authentication_flow', FLOW, FLOW],
  ['authentication_flow', FLOW.toUpperCase(), FLOW],
  ['authentication_flow', FLOW.replaceAll('-', ''), FLOW],
  ['authentication_flow', `urn:uuid:${FLOW}`, FLOW],
  ['authentication_flow', null, null],
  ['signing_key', null, null],
  ['property_mappings', [], []],
  ['property_mappings', [scopeKey('openid').toUpperCase()], [scopeKey('openid')]],
  ['access_code_validity', 'HOURS=1', 'HOURS=1'],
  ['access_code_validity', 'hours=1.5', 'hours=1.5'],
  ['access_code_validity', 'hours=.5', 'hours=.5'],
  ['access_code_validity', 'hours=1e2', 'hours=1e2'],
  ['access_code_validity', 'hours=-1', 'hours=-1'],
  ['access_code_validity', 'hours= 3', 'hours= 3'],
  ['access_code_validity', 'years=1;hours=2', 'years=1;hours=2'],
  ['access_code_validity', 'years=x;hours=2', 'years=x;hours=2'],
  [
    'access_code_validity',
    'microseconds=1;milliseconds=2;seconds=3;minutes=4;hours=5;days=6;weeks=7',
    'microseconds=1;milliseconds=2;seconds=3;minutes=4;hours=5;days=6;weeks=7',
  ],
  ['jwks_sources', [], []],
]

/** Filters and orders of the list of providers, and the names of the providers in it. */
export const FILTERS: readonly (readonly [name: string, values: string | string[], names: string[]])[] = [
  ['name', 'Demo', ['Demo']],
  ['name', 'demo', []],
  ['name', '', NAMES],
  ['name', ['Demo', 'SPA'], ['SPA']],
  ['authorization_flow', FLOW, ['Demo', 'Unassigned']],
  ['authorization_flow', FLOW.toUpperCase(), ['Demo', 'Unassigned']],
  ['authorization_flow', OTHER_FLOW.replaceAll('-', ''), ['SPA']],
  ['authorization_flow', '', NAMES],
  ['property_mappings', scopeKey('openid'), ['Demo', 'SPA']],
  ['property_mappings', scopeKey('email'), ['Demo']],
  ['property_mappings', [scopeKey('email'), scopeKey('openid')], ['Demo', 'SPA']],
  ['property_mappings', scopeKey('profile'), []],
  ['application', DEMO_APP, ['Demo']],
  ['application', DEMO_APP.replaceAll('-', ''), ['Demo']],
  ['application', ORPHAN_APP, []],
  ['application', '', NAMES],
  ['client_type', 'public', ['SPA']],
  ['client_type', 'confidential', ['Demo', 'Unassigned']],
  ['client_type', '', NAMES],
  ['client_id', 'spa-client', ['SPA']],
  ['client_id', 'SPA-client', []],
  ['access_code_validity', 'seconds=30', ['SPA']],
  ['access_code_validity', 'minutes=1', ['Demo', 'Unassigned']],
  ['access_token_validity', 'hours=1', NAMES],
  ['access_token_validity', 'minutes=60', []],
  ['refresh_token_validity', 'days=30', NAMES],
  ['include_claims_in_id_token', 'true', ['Demo', 'Unassigned']],
  ['include_claims_in_id_token', 'TRUE', ['Demo', 'Unassigned']],
  ['include_claims_in_id_token', '1', ['Demo', 'Unassigned']],
  ['include_claims_in_id_token', 'False', ['SPA']],
  ['include_claims_in_id_token', '0', ['SPA']],
  ['include_claims_in_id_token', '2', NAMES],
  ['include_claims_in_id_token', 'garbage', NAMES],
  ['include_claims_in_id_token', '', NAMES],
  ['signing_key', KEY, ['Demo']],
  ['signing_key', '', NAMES],
  ['redirect_uris', 'https://app.example.com/callback\nhttp://localhost:8080/cb', NAMES],
  ['redirect_uris', 'https://app.example.com/callback', []],
  ['sub_mode', 'user_username', ['SPA']],
  ['sub_mode', 'user_upn', []],
  ['issuer_mode', 'global', ['SPA']],
  ['issuer_mode', 'per_provider', ['Demo', 'Unassigned']],
  ['client_secret', 'spa-secret', NAMES],
  ['authentication_flow', OTHER_FLOW, NAMES],
  ['search', 'sp', ['SPA']],
  ['search', 'A', ['SPA', 'Unassigned']],
  ['search', 'un sign', ['Unassigned']],
  ['search', 'un,demo', []],
  ['search', 'demo-client', []],
  ['search', '', NAMES],
  ['ordering', '-name', NAMES.toReversed()],
  ['ordering', '-pk', ['Unassigned', 'SPA', 'Demo']],
  ['ordering', 'client_id', ['Demo', 'SPA', 'Unassigned']],
  ['ordering', '-client_type,-name', ['SPA', 'Unassigned', 'Demo']],
  ['ordering', 'include_claims_in_id_token,-pk', ['SPA', 'Unassigned', 'Demo']],
  ['ordering', 'signing_key,-name', ['Demo', 'Unassigned', 'SPA']],
  ['ordering', '-signing_key,name', ['SPA', 'Unassigned', 'Demo']],
  ['ordering', 'authentication_flow,-name', ['Unassigned', 'SPA', 'Demo']],
  ['ordering', 'access_code_validity,-name', ['Unassigned', 'Demo', 'SPA']],
  ['ordering', 'issuer_mode,name', ['SPA', 'Demo', 'Unassigned']],
  ['ordering', 'nope, -name', NAMES.toReversed()],
  ['ordering', 'component', NAMES],
]

/** Filters that are refused, and what is said of them. */
export const REFUSED_FILTERS: readonly (readonly [name: string, values: string | string[], message: string])[] = [
  ['authorization_flow', 'nope', notUuid('nope')],
  ['authorization_flow', NO_UUID, NO_CHOICE],
  ['property_mappings', 'nope', notUuid('nope')],
  ['property_mappings', '', notUuid('')],
  ['property_mappings', NO_UUID, notAmong(NO_UUID)],
  ['property_mappings', [scopeKey('openid'), NO_UUID], notAmong(NO_UUID)],
  ['property_mappings', scopeKey('openid').toUpperCase(), notAmong(scopeKey('openid').toUpperCase())],
  ['application', 'demo', notUuid('demo')],
  ['application', NO_UUID, NO_CHOICE],
  ['client_type', 'nope', notAmong('nope')],
  ['client_type', 'PUBLIC', notAmong('PUBLIC')],
  ['signing_key', 'null', notUuid('null')],
  ['signing_key', NO_UUID, NO_CHOICE],
  ['sub_mode', 'nope', notAmong('nope')],
  ['issuer_mode', 'nope', notAmong('nope')],
  ['name', '\0', NUL],
  ['client_id', 'a\0', NUL],
]

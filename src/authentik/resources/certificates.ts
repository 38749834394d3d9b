/** Certificates with their keys, by which tokens are signed and encrypted. */
import { baseOf } from '../../http/message.ts'
import { computed, field, hidden, type RowOfFields } from '../../rest/field.ts'
import { choosingAny, exactly, type Filter } from '../../rest/filters.ts'
import type { Context } from '../../rest/operation.ts'
import { lastOf, toUuid } from '../../rest/python.ts'
import { resource } from '../../rest/resource.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import { boolean, dateTime, nullable, optional, text, uuid, withDefault } from '../../schema/words.ts'
import { keysIn, type FileRow, type FileRows } from '../../store/resource.ts'
import { checkKey, faultOfKind } from '../private-keys.ts'

/** A value that is looked up in the certificate, which a list can be asked to leave out, in releases that know how. */
const detail = (name: keyof Details) => (row: Details, context: Context) => (hasDetails(context) ? row[name] : null)

function hasDetails({ query, operation }: Context): boolean {
  const isKnown = operation.query !== undefined && 'include_details' in operation.query
  return !isKnown || (lastOf(query, 'include_details') ?? 'true').toLowerCase() === 'true'
}

/** The fields that are looked up in the certificate. */
interface Details {
  fingerprint_sha256: string | null
  fingerprint_sha1: string | null
  cert_expiry: string | null
  cert_subject: string | null
  private_key_type: string | null
  key_type: string | null
}

/** What kind of key it is; the field has another name in later releases. */
const keyTypeOf = ({ key_type, private_key_type }: Details) => key_type ?? private_key_type
const url =
  (path: string) =>
  ({ pk }: { pk: string }, { call }: Context) =>
    `${baseOf(call)}/api/v3/crypto/certificatekeypairs/${pk}/${path}/?download`
const nullableText = nullable(text())

const fields = {
  pk: field(uuid(), { readOnly: true, order: true }),
  name: field(text(), { filter: exactly, search: true, order: true }),
  fingerprint_sha256: field(nullableText, { readOnly: true, default: null, getter: detail('fingerprint_sha256') }),
  fingerprint_sha1: field(nullableText, { readOnly: true, default: null, getter: detail('fingerprint_sha1') }),
  cert_expiry: field(nullable(dateTime()), { readOnly: true, default: null, getter: detail('cert_expiry') }),
  cert_subject: field(nullableText, { readOnly: true, default: null, getter: detail('cert_subject') }),
  private_key_available: field(boolean(), { readOnly: true, default: true }),
  private_key_type: field(nullableText, {
    readOnly: true,
    default: null,
    getter: (row, context) => (hasDetails(context) ? keyTypeOf(row) : null),
  }),
  key_type: field(nullableText, { readOnly: true, default: null, getter: keyTypeOf, addedIn: '2025.12' }),
  certificate_download_url: computed(text(), url('view_certificate')),
  private_key_download_url: computed(text(), url('view_private_key')),
  managed: field(nullableText, { readOnly: true, default: null, filter: exactly }),
  certificate_data: hidden(optional(text())),
  key_data: hidden(optional(text()), { check: checkKey }),
  private_key: hidden(optional(text()), { check: checkKey }),
}
/** A row of certificates. */
export type Certificate = RowOfFields<typeof fields>

/** Keeps certificates with a key of any of these kinds, in releases that know the parameter. */
export const keyTypeFilter = (choices: readonly string[]): Filter<Certificate> => ({
  ...choosingAny<Certificate>({ value: keyTypeOf, choices, schema: text() }),
  isBareList: true,
})

/** Certificates with their keys. */
export const certificates = resource({
  name: 'certificates',
  names: { singular: 'certificate', plural: 'certificates', state: 'certificate', noun: 'a certificate' },
  component: 'CertificateKeyPair',
  django: {
    app: 'authentik_crypto',
    className: 'CertificateKeyPair',
    label: ({ name }) => `Certificate-Key Pair ${name}`,
  },
  fields,
  filters: {
    // Only what is asked for with a key is narrowed down: without one, authentik lists all.
    has_key: {
      schema: boolean(),
      read: (values) =>
        values.at(-1)?.toLowerCase() === 'true' ? ({ private_key_available }) => private_key_available : undefined,
    },
  },
  joins: ['certificate_data', 'certificate_keys'],
  count: 1,
  loadSeed: async () => (await import('../seeds.ts')).seedCertificate,
  infer: inferCertificates,
  shorthand: { names: ['name'], defaults: () => ({ private_key_type: 'rsa' }) },
  findFault: ({ key_data, private_key, ...details }) => faultOfKind(key_data ?? private_key, keyTypeOf(details)),
})

/** A certificate for each key that the providers of a world name, which has no certificates itself. */
function inferCertificates(rows: FileRows): FileRow[] {
  const keys = rows('providers').flatMap(({ signing_key, encryption_key }) => [
    ...keysIn(signing_key),
    ...keysIn(encryption_key),
  ])
  const name = (index: number) => `authentik Self-signed Certificate${index ? ` ${index + 1}` : ''}`
  return [...new Set(keys)].map((pk, index) => ({ pk, name: name(index), private_key_type: 'rsa' }))
}

/** What can be done with certificates. */
export const certificatesViewset = viewsetOperations(certificates, {
  path: '/crypto/certificatekeypairs/',
  actions: ['list', 'retrieve', 'used_by'],
  missing: { list: ['POST'], instance: ['PUT', 'PATCH', 'DELETE'] },
  ordering: ['name'],
  lookup: { parameter: 'kp_uuid', schema: uuid(), read: toUuid },
  title: 'Certificate Key Pair',
  listQuery: { include_details: { schema: withDefault(boolean(), true) } },
})

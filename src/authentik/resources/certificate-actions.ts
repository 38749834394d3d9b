/** The texts of a certificate and of its key. */
import { Attachment } from '../../rest/attachment.ts'
import { permissionDenied } from '../../rest/errors.ts'
import { rowAction } from '../../rest/viewset-operations.ts'
import { boolean, component, readOnly, text } from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'
import { behaviourOf } from '../behaviour.ts'
import { certificates, certificatesViewset, type Certificate } from './certificates.ts'

const CertificateData = once(() => component('CertificateData', { data: readOnly(text()) }))

/** What the keys of a row are called in which it keeps a text. */
type TextField = 'certificate_data' | 'key_data'

const action = (name: 'view_certificate' | 'view_private_key', field: TextField, summary: string) =>
  rowAction(certificatesViewset, {
    id: `crypto_certificatekeypairs_${name}_retrieve`,
    method: 'GET',
    name,
    summary,
    description: 'Return certificate-key pairs certificate and log access',
    query: { download: { schema: boolean() } },
    responses: () => ({ 200: CertificateData() }),
    async resolve(row: Certificate, context) {
      const permission = `view_certificatekeypair_${field === 'key_data' ? 'key' : 'certificate'}`
      if (behaviourOf(context).keysNeedPermission && !context.caller.may(permission, row.pk)) throw permissionDenied()
      const { writeSecretView } = await import('../answers/audit.ts')
      const type = name.replace('view_', '')
      await writeSecretView('authentik.crypto.api', certificates, row, context, { type })
      const data = row[field] ?? (field === 'key_data' ? row.private_key : undefined) ?? ''
      if (!context.query.has('download') || !context.serializer.has('certificate-file')) return { data }
      return new Attachment(`${row.name}_${type}.pem`, 'application/x-pem-file', data)
    },
  })

/** What can be read of a certificate beside what it is. */
export const operations = [
  action('view_certificate', 'certificate_data', 'Shows the certificate itself, in PEM.'),
  action('view_private_key', 'key_data', 'Shows the private key of a certificate, in PEM.'),
]

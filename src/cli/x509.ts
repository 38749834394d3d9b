/** Makes X.509 certificates (RFC 5280): that of a CA, and those that it signs for servers. */
import { createPublicKey, generateKeyPairSync, randomBytes, sign, createHash, type KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_serverAuth,
} from '@peculiar/asn1-x509'

/** A certificate and its key, in PEM. */
export interface KeyPair {
  key: string
  cert: string
}

const DAY = 24 * 60 * 60 * 1000
/** Clocks differ: a certificate is valid a little before it is made. */
const HOUR = DAY / 24
const ECDSA_WITH_SHA256 = new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' })
const COMMON_NAME = '2.5.4.3'

/** Makes a CA, which may sign certificates of servers and no other CA. Its name tells it from others of this program. */
export function createAuthority(days: number): KeyPair {
  const keys = generateKeys()
  const name = nameOf(`authentik-mock CA ${randomBytes(4).toString('hex')}`)
  return issue({
    keys,
    days,
    subject: name,
    issuer: { name, key: keys.privateKey, publicKey: keys.publicKey },
    extensions: [
      extension(id_ce_basicConstraints, new BasicConstraints({ cA: true, pathLenConstraint: 0 }), true),
      extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign), true),
    ],
  })
}

/**
 * Has a CA sign the certificate of a server.
 * @param names names and addresses that the server is called by
 */
export function createLeaf(authority: KeyPair, names: readonly string[], days: number): KeyPair {
  const { tbsCertificate } = AsnConvert.parse(toDer(authority.cert), Certificate)
  return issue({
    keys: generateKeys(),
    days,
    subject: nameOf('authentik-mock'),
    issuer: { name: tbsCertificate.subject, key: authority.key, publicKey: createPublicKey(authority.key) },
    extensions: [
      extension(id_ce_basicConstraints, new BasicConstraints(), true),
      extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature), true),
      extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth])),
      extension(
        id_ce_subjectAltName,
        new SubjectAlternativeName(
          names.map((name) => new GeneralName(isIP(name) ? { iPAddress: name } : { dNSName: name })),
        ),
      ),
    ],
  })
}

interface Keys {
  privateKey: KeyObject
  publicKey: KeyObject
}

const generateKeys = (): Keys => generateKeyPairSync('ec', { namedCurve: 'P-256' })

function issue({
  keys,
  days,
  subject,
  issuer,
  extensions,
}: {
  keys: Keys
  days: number
  subject: Name
  issuer: { name: Name; key: KeyObject | string; publicKey: KeyObject }
  extensions: Extension[]
}): KeyPair {
  const notBefore = Math.floor(Date.now() / 1000) * 1000 - HOUR
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(),
    signature: ECDSA_WITH_SHA256,
    issuer: issuer.name,
    validity: new Validity({ notBefore: new Date(notBefore), notAfter: new Date(notBefore + days * DAY) }),
    subject,
    subjectPublicKeyInfo: AsnConvert.parse(spkiOf(keys.publicKey), SubjectPublicKeyInfo),
    extensions: new Extensions([
      ...extensions,
      extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(keyIdOf(keys.publicKey))),
      extension(
        id_ce_authorityKeyIdentifier,
        new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(keyIdOf(issuer.publicKey)) }),
      ),
    ]),
  })
  const content = Buffer.from(AsnConvert.serialize(tbsCertificate))
  const certificate = new Certificate({
    tbsCertificate,
    signatureAlgorithm: ECDSA_WITH_SHA256,
    signatureValue: toArrayBuffer(sign('sha256', content, issuer.key)),
  })
  return {
    key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    cert: toPem(Buffer.from(AsnConvert.serialize(certificate))),
  }
}

const extension = (extnID: string, content: object, critical = false) =>
  new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(content)) })

const nameOf = (text: string) =>
  new Name([
    new RelativeDistinguishedName([
      new AttributeTypeAndValue({ type: COMMON_NAME, value: new AttributeValue({ utf8String: text }) }),
    ]),
  ])

const spkiOf = (key: KeyObject) => key.export({ type: 'spki', format: 'der' })
const keyIdOf = (key: KeyObject) => toArrayBuffer(createHash('sha256').update(spkiOf(key)).digest().subarray(0, 20))

/** A number that is positive and of full length: its first byte is from 0x40 to 0x7f. */
function serialNumber(): ArrayBuffer {
  const bytes = randomBytes(16)
  bytes[0] = (bytes.readUInt8(0) & 0x3f) | 0x40
  return toArrayBuffer(bytes)
}

const toArrayBuffer = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer

const toDer = (pem: string) => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')
const toPem = (der: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`

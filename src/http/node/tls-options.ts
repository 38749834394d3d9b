/** What a server of HTTPS is given, in types that need none of Node. */

/** A certificate and its key, in PEM, by the names that Node has for them. */
export interface TlsOptions {
  /** The private key, without a passphrase. */
  key: string | Uint8Array
  /** The certificate, with those that signed it where a client does not know them. */
  cert: string | Uint8Array
}

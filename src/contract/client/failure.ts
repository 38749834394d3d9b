/** Says why a server gave no answer: what was asked, what came of it, and what to do. */

/** A request that got no whole answer. Its message never shows what was sent. */
export class RequestFailure extends Error {
  override readonly name = 'RequestFailure'
  /** The parts of the message, so that secrets can be hidden in each of them. */
  readonly parts: readonly [address: string, cause: string, remedy: string]

  /**
   * @param address what was asked, without what is secret in it
   * @param cause what came of it
   * @param remedy what to do, as a sentence
   */
  constructor(address: string, cause: string, remedy: string) {
    super(`${address}: ${cause}. ${remedy}`)
    this.parts = [address, cause, remedy]
  }
}

/** The server did not answer in time: it is of no use to ask it again. */
export class Silence extends RequestFailure {}

/** Turns an error of Node into a failure that says what to do. */
export function toFailure(error: unknown, address: string): RequestFailure {
  if (error instanceof RequestFailure) return error
  const { code = '', message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) }
  const kind = KINDS.find(({ codes }) => codes.test(code))
  if (!kind) return new RequestFailure(address, `the request failed (${code || message})`, 'Is the address right?')
  return new RequestFailure(address, kind.cause.replace('CODE', code), kind.remedy)
}

const KINDS: readonly { codes: RegExp; cause: string; remedy: string }[] = [
  { codes: /^ECONNREFUSED$/, cause: 'refuses the connection', remedy: 'Is it up, and is the port right?' },
  { codes: /^ENOTFOUND$/, cause: 'the name is not known', remedy: 'Is it spelt right, and known to this machine?' },
  { codes: /^EAI_AGAIN$/, cause: 'the name cannot be looked up now', remedy: 'Is there a network, and a name server?' },
  {
    codes: /^(EHOST|ENET)UNREACH$/,
    cause: 'cannot be reached from here',
    remedy: 'Is there a way to that network?',
  },
  {
    codes: /SELF_SIGNED_CERT|^UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT)/,
    cause: 'its certificate is signed by nobody that is trusted here',
    remedy: 'Give the certificate of its authority: --ca FILE',
  },
  { codes: /^CERT_HAS_EXPIRED$/, cause: 'its certificate has expired', remedy: 'Renew it.' },
  {
    codes: /^CERT_NOT_YET_VALID$/,
    cause: 'its certificate is not valid yet',
    remedy: 'Is the clock of this machine right?',
  },
  {
    codes: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    cause: 'its certificate is for another name',
    remedy: 'Give the name that the certificate is for.',
  },
  {
    codes: /CERT|_CA$|KEY_TOO_SMALL|MD_TOO_WEAK/,
    cause: 'its certificate is not accepted (CODE)',
    remedy: 'Look at the certificate, and at those of its authorities.',
  },
  {
    codes: /^(ECONNRESET|EPIPE|EPROTO|ERR_SSL_.*|HPE_.*)$/,
    cause: 'breaks the connection off',
    remedy: 'Is it http where https is meant, or the other way round? Look at its log.',
  },
  {
    codes: /^(Z_.*|ERR_BUFFER_.*|ERR__ERROR_FORMAT.*|ERR_BROTLI.*|ERR_PADDING.*)$/,
    cause: 'sends an answer that cannot be unpacked (CODE)',
    remedy: 'Look at what stands before it.',
  },
]

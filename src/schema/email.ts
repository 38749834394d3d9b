/** E-mail addresses as Django takes them. */

/** The characters of a name without quotes; those beyond ASCII are taken too, because servers hold such addresses. */
const ATOM = "[-!#$%&'*+/=?^_`{}|~0-9a-z\\u0080-\\u{10ffff}]+"
const NAME = new RegExp(`^${ATOM}(\\.${ATOM})*$`, 'iu')
/** A name within quotes, in which `"` and `\` stand after a `\`. */
// oxlint-disable-next-line no-control-regex
const QUOTED_NAME = /^"([^"\\\0\r\n]|\\[^\0\r\n])*"$/u
const LABEL = /^[a-z0-9\u00a1-\u{10ffff}]([-a-z0-9\u00a1-\u{10ffff}]*[a-z0-9\u00a1-\u{10ffff}])?$/iu
const LAST_LABEL = /^(?![0-9]+$)/
/** An address of a machine in place of a domain, such as `[127.0.0.1]`. */
const LITERAL = /^\[(\d{1,3}(\.\d{1,3}){3}|(?=.*:)[0-9a-f:.]+)\]$/i

/**
 * Whether a text is an e-mail address as Django's `EmailValidator` takes it: a domain may be international, or
 * `localhost`; a name may stand within quotes. A name beyond ASCII, which Django takes from no form, is one too, because
 * what comes from a directory is written without Django's validators.
 * @example isEmail('root@localhost') // true
 */
export function isEmail(text: string): boolean {
  const sign = text.lastIndexOf('@')
  if (sign < 0) return false
  const [name, domain] = [text.slice(0, sign), text.slice(sign + 1)]
  return (NAME.test(name) || QUOTED_NAME.test(name)) && isDomain(domain)
}

function isDomain(domain: string): boolean {
  if (domain.toLowerCase() === 'localhost' || LITERAL.test(domain)) return true
  const labels = domain.split('.')
  const last = labels.at(-1) ?? ''
  const areLabels = labels.every((label) => label.length <= 63 && LABEL.test(label))
  return labels.length > 1 && areLabels && last.length > 1 && LAST_LABEL.test(last)
}

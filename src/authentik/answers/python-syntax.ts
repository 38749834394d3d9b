/** What is wrong with the Python of an expression at first sight: a bracket or a text that nobody ends. */
import { invalid } from '../../rest/errors.ts'

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }
/** A comment, a text of any kind, a line's end or a bracket. */
const TOKEN = /#[^\n]*|("""|''')[\s\S]*?\1|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|["'\n()[\]{}]/g

/** The lines of the function that authentik puts around an expression. */
const LINES_BEFORE = 1

/**
 * What authentik says of an expression that Python cannot read; undefined for one in which every bracket and text ends.
 * @example findSyntaxFault('return (') // "Expression Syntax Error: '(' was never closed (None, line 2)"
 */
function findSyntaxFault(expression: string): string | undefined {
  const open: { sign: string; line: number }[] = []
  let line = 1 + LINES_BEFORE
  for (const [token] of expression.matchAll(TOKEN)) {
    const first = token.charAt(0)
    if (token === '"' || token === "'") return toFault(`unterminated string literal (detected at line ${line})`, line)
    if (token in CLOSING) open.push({ sign: token, line })
    else if (')]}'.includes(first)) {
      const last = open.pop()
      if (!last) return toFault(`unmatched '${token}'`, line)
      if (CLOSING[last.sign] !== token)
        return toFault(`closing parenthesis '${token}' does not match opening parenthesis '${last.sign}'`, line)
    }
    line += token.split('\n').length - 1
  }
  const last = open.at(-1)
  return last && toFault(`'${last.sign}' was never closed`, last.line)
}

const toFault = (reason: string, line: number) => `Expression Syntax Error: ${reason} (None, line ${line})`

/** The values of a body. @throws Problem 400 for an expression that Python cannot read */
export function checkExpression(values: Record<string, unknown>): Record<string, unknown> {
  const fault = findSyntaxFault(String(values['expression'] ?? ''))
  if (fault !== undefined) throw invalid({ expression: [fault] })
  return values
}

/** What others say is escaped in reports and on standard error, and steers nothing that reads it. */
import { describe, expect, it } from 'vitest'
import { showControls } from '../../src/contract/printable.ts'

describe('a text of others', () => {
  it.each([
    ['a\u001B[2Jb', 'a\\u001b[2Jb'],
    ['\u202Egnorw', '\\u202egnorw'],
    ['##[error]boo', '#\\u0023[error]boo'],
    ['a ##[command]b\n', 'a #\\u0023[command]b\n'],
    ['a\nb', 'a\\u000ab'],
  ])('%j is shown as %j', (text, escaped) => {
    expect(showControls(text)).toBe(escaped)
  })
})

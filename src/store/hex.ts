/** Bytes as hexadecimal digits. */

/** Each byte as two digits; `toString(16)` takes ten times as long. */
const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** The lowest eight bits of a number, as two lower-case digits. */
export const toHexByte = (bits: number): string => DIGITS[bits & 255] ?? ''

/** Bytes, each as two lower-case digits. */
export const toHex = (bytes: Uint8Array): string => Array.from(bytes, toHexByte).join('')

/** What a browser says of itself, taken apart as authentik's library does it for the most common ones. */

/** The parts of a user agent. */
export interface UserAgent {
  string: string
  user_agent: Record<'family' | 'major' | 'minor' | 'patch', string | null>
  os: Record<'family' | 'major' | 'minor' | 'patch' | 'patch_minor', string | null>
  device: Record<'family' | 'brand' | 'model', string | null>
}

const FAMILIES: readonly [name: string, form: RegExp][] = [
  ['Edge', /Edg\/(\d+)\.(\d+)(?:\.(\d+))?/],
  ['Firefox', /Firefox\/(\d+)\.(\d+)(?:\.(\d+))?/],
  ['Chrome', /(?:Headless)?Chrome\/(\d+)\.(\d+)(?:\.(\d+))?/],
  ['Safari', /Version\/(\d+)\.(\d+)(?:\.(\d+))?.* Safari/],
]
const SYSTEMS: readonly [name: string, form: RegExp][] = [
  ['Windows', /Windows NT (\d+)/],
  ['iOS', /(?:iPhone|iPad).* OS (\d+)_(\d+)(?:_(\d+))?/],
  ['Mac OS X', /Mac OS X (\d+)[._](\d+)(?:[._](\d+))?/],
  ['Android', /Android (\d+)/],
  ['Linux', /Linux/],
]

/** Takes a user agent apart; what it does not say is null. */
export function readUserAgent(string: string): UserAgent {
  const find = (kinds: readonly [string, RegExp][]) => {
    for (const [family, form] of kinds) {
      const match = form.exec(string)
      if (match) return { family, major: match[1] ?? null, minor: match[2] ?? null, patch: match[3] ?? null }
    }
    return { family: 'Other', major: null, minor: null, patch: null }
  }
  const isMac = /Macintosh/.test(string)
  return {
    string,
    user_agent: find(FAMILIES),
    os: { ...find(SYSTEMS), patch_minor: null },
    device: { family: isMac ? 'Mac' : 'Other', brand: isMac ? 'Apple' : null, model: isMac ? 'Mac' : null },
  }
}

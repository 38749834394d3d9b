/** Checks that a server refuses with authentik's own words, which the mock of its release knows. */
import { DEFAULT_RELEASE } from '../../../authentik/releases/index.ts'
import { mock } from '../../../mock/mock.ts'
import { FIDELITIES, type Fidelity } from '../../../mock/options.ts'
import { isObject, parseJson } from '../../../schema/json.ts'
import { NO_SUCH_TOKEN } from '../states.ts'
import { askNewest, FAMILIES, toNoRows, type Check, type CheckFindings } from './check.ts'

/** How far beyond the newest row a key is that no row has. */
const UNUSED = 1_000_000

/** Requests for rows of a list that are refused, whoever asks: the path, and a token where the usual one is not sent. */
const refusedRequests = (list: string, newest: number): readonly (readonly [path: string, token?: string | null])[] => [
  [list, null],
  [list, NO_SUCH_TOKEN],
  [`${list}${newest + UNUSED}/`],
  [`${list}${newest}/?user=abc`],
]

/** The texts of refusals. */
export const refusals: Check = {
  id: 'refusals',
  title: 'what is refused is refused in authentik’s words',
  async run({ ask, release, isExact }) {
    if (!isExact) return 'the words of that release are not known here'
    const requests = await Promise.all(
      FAMILIES.map(async ({ family }) => {
        const [row] = await askNewest(ask, family).catch(toNoRows)
        return refusedRequests(`/oauth2/${family}/`, row?.pk ?? 0)
      }),
    )
    // Which of two texts a 404 has follows from the release of a library, and servers were seen with either.
    const speakers = await Promise.all(
      [...new Set([release.version, DEFAULT_RELEASE])].flatMap((version) =>
        FIDELITIES.map((fidelity) => speakerOf(version, fidelity)),
      ),
    )
    const findings: CheckFindings = []
    for (const [path, token] of requests.flat()) {
      const answer = toWords(await ask(path, token))
      const expected = await Promise.all(speakers.map((speak) => speak(path, token)))
      if (expected.includes(answer)) continue
      const caller = token === undefined ? '' : token === null ? ' without a token' : ' with a token that nobody has'
      findings.push(`${path}${caller} is answered with ${answer}, and not with ${[...new Set(expected)].join(' or ')}`)
    }
    return findings
  },
}

/** A status and a body, whatever the order of its keys. */
function toWords({ status, text }: { status: number; text: string }): string {
  const body = parseJson(text)
  return `${status} ${isObject(body) ? JSON.stringify(Object.fromEntries(Object.entries(body).sort())) : text}`
}

/** Says what a mock of a release answers. */
async function speakerOf(release: string, fidelity: Fidelity) {
  const reference = mock({ release, fidelity, codes: 0 })
  await reference.ready
  return async (path: string, token: string | null = reference.tokens().superuser ?? null) => {
    const response = await reference.fetch(`http://localhost/api/v3${path}`, {
      headers: { Accept: 'application/json', ...(token === null ? {} : { Authorization: `Bearer ${token}` }) },
    })
    return toWords({ status: response.status, text: await response.text() })
  }
}

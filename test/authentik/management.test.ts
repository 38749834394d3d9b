/** The mock manages applications, flows and certificates as running authentik servers were recorded to. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Reply } from '../../src/entries/index.ts'
import { EXCUSED } from '../../src/authentik/deviation-sentences.ts'
import {
  observed,
  recordedHeaders,
  recordedWorldOf,
  recordingsOf,
  replay,
  sentHeaders,
  unordered,
} from '../support/recordings.ts'

/** What stands in a recording for a value that the server drew by chance. */
const DRAWN: Record<string, RegExp> = { '{{fresh-uuid}}': /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/ }

/** An answer in which what the mock drew by chance is as a recording writes it. */
function withDrawn(answer: unknown, recorded: unknown): unknown {
  if (typeof recorded === 'string') return DRAWN[recorded]?.test(String(answer)) ? recorded : answer
  if (answer === null || typeof answer !== 'object' || recorded === null || typeof recorded !== 'object') return answer
  if (Array.isArray(answer)) return answer.map((item, index) => withDrawn(item, Object.values(recorded)[index]))
  return Object.fromEntries(
    Object.entries(answer).map(([key, item]) => [key, withDrawn(item, (recorded as Record<string, unknown>)[key])]),
  )
}

const parse = (text: string): unknown => (text === '' ? '' : JSON.parse(text))
const isExcused = ({ name }: { name: string }) => EXCUSED.some(({ names }) => names.test(name))

describe.each(['2024.8.4', '2026.2.2'])('a running authentik %s, as recorded, and the mock as observed', (release) => {
  const recordings = recordingsOf(`next-${release}`)
  const replies = new Map<string, Reply>()

  // All are sent, in their order, whichever are compared: what is written is read again later.
  beforeAll(async () => {
    const server = observed({ world: recordedWorldOf(`next-${release}`), release })
    for (const { name, request } of recordings) replies.set(name, await replay(server, request))
  })

  it('differ in two answers, which are excused with a reason', () => {
    expect(recordings.filter(isExcused).map(({ name }) => name)).toEqual(['flows.q.slug', 'flows.get.akadmin'])
  })

  it.each(recordings.filter((recording) => !isExcused(recording)))(
    'give the same answer to $name: $request.method $request.path',
    ({ name, response }) => {
      const reply = replies.get(name)
      expect(reply && [reply.status, sentHeaders(reply)]).toEqual([response.status, recordedHeaders(response)])
      const body = withDrawn(parse(reply?.body ?? ''), response.body)
      expect(JSON.stringify(body, unordered)).toBe(JSON.stringify(response.body, unordered))
    },
  )
})

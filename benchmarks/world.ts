/** What a world costs by its size, and what an answer costs in one process; prints JSON. */
import { mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { getResponse } from 'msw'
import { headersFor, median } from './children.ts'

export interface WorldReport {
  worlds: { codes: number; seed: number; each: number; retrieve: number }[]
  carriers: { name: string; perSecond: number }[]
}

const SIZES = [100, 1000, 10_000, 100_000]
const CALLS = 2000

const worlds = await Promise.all(SIZES.map(() => mock({ codes: 0 }).ready)).then(async () => {
  const made = []
  for (const codes of SIZES) {
    const began = performance.now()
    const own = mock({ codes })
    await own.ready
    made.push({ codes, own, seed: performance.now() - began, times: [] as number[] })
  }
  return made
})

for (let round = 0; round < 60; round++) {
  for (const { codes, own, times } of worlds) {
    const headers: Record<string, string> = headersFor(own.tokens().superuser!)
    const began = performance.now()
    for (let number = 0; number < CALLS; number++) {
      const path = `/api/v3/oauth2/authorization_codes/${1 + ((number * 7919) % codes)}/`
      await own.answer({ method: 'GET', path, query: '', header: (name) => headers[name], body: async () => '' })
    }
    times.push(((performance.now() - began) * 1000) / CALLS)
  }
}

const own = worlds[0]!.own
const all = handlers(own)
const init = { headers: headersFor(own.tokens().superuser!) }
const url = 'http://localhost/api/v3/oauth2/authorization_codes/1/'
const carriers = {
  '`mock().answer(call)`': () =>
    own.answer({ method: 'GET', path: new URL(url).pathname, query: '', header: (name) => (init.headers as Record<string, string>)[name], body: async () => '' }),
  '`mock().fetch(request)`': () => own.fetch(new Request(url, init)),
  'MSW `getResponse(handlers, request)`': () => getResponse(all, new Request(url, init)),
}

const report: WorldReport = {
  worlds: worlds.map(({ codes, seed, times }) => ({ codes, seed, each: (seed * 1000) / codes, retrieve: median(times) })),
  carriers: [],
}
for (const [name, call] of Object.entries(carriers)) {
  const rates = []
  for (let round = 0; round < 8; round++) {
    const began = performance.now()
    for (let number = 0; number < 1000; number++) await call()
    rates.push(1_000_000 / (performance.now() - began))
  }
  report.carriers.push({ name, perSecond: median(rates) })
}
process.stdout.write(JSON.stringify(report))

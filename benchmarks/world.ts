/** What a world costs by its size, and what an answer costs in one process; prints JSON. */
import { mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { getResponse } from 'msw'
import { headersFor, median } from './children.ts'

export interface WorldReport {
  worlds: {
    codes: number
    seed: number
    each: number
    anew: number
    again: number
    page: number
    afterDelete: number
  }[]
  carriers: { name: string; perSecond: number }[]
}

const SIZES = [100, 1000, 10_000, 100_000]
const CALLS = 2000
/** How many codes are read, whatever the size of the world. */
const READ = 100
/** A page of 20, in an order and of one user. */
const PAGE = 'user=2&ordering=expires&page_size=20'

const worlds = await Promise.all(SIZES.map(() => mock({ codes: 0 }).ready)).then(async () => {
  const made = []
  for (const codes of SIZES) {
    const began = performance.now()
    const own = mock({ codes })
    await own.ready
    made.push({
      codes,
      own,
      seed: performance.now() - began,
      anew: [] as number[],
      again: [] as number[],
      page: [] as number[],
      afterDelete: [] as number[],
    })
  }
  return made
})

for (let round = 0; round < 30; round++) {
  for (const { codes, own, anew, again } of worlds) {
    const headers: Record<string, string> = headersFor(own.tokens().superuser!)
    const retrieve = async (forget: boolean) => {
      const began = performance.now()
      for (let number = 0; number < CALLS; number++) {
        // A touch of the clock's hands makes the mock forget the answers that it kept.
        if (forget) own.clock.move(0)
        const path = `/api/v3/oauth2/authorization_codes/${1 + (number % READ) * (codes / READ)}/`
        const { status } = await own.answer({
          method: 'GET',
          path,
          query: '',
          header: (name) => headers[name],
          body: async () => '',
        })
        if (status !== 200) throw new Error(`Failed to measure ${path}: it answered ${status}.`)
      }
      return ((performance.now() - began) * 1000) / CALLS
    }
    anew.push(await retrieve(true))
    again.push(await retrieve(false))
  }
}

for (const { own, page, afterDelete } of worlds) {
  const headers: Record<string, string> = headersFor(own.tokens().superuser!)
  const list = async (change: () => void) => {
    change()
    const began = performance.now()
    await own.answer({
      method: 'GET',
      path: '/api/v3/oauth2/authorization_codes/',
      query: PAGE,
      header: (name) => headers[name],
      body: async () => '',
    })
    return (performance.now() - began) * 1000
  }
  const codes = own.world.named('authorization_codes')
  const theirs = [...codes.all()].filter((code) => code.user === 2)
  for (let round = 0; round < 200; round++) page.push(await list(() => own.clock.move(0)))
  for (const { pk } of theirs.slice(-8)) afterDelete.push(await list(() => void codes.delete(pk)))
}

const own = worlds[0]!.own
const latest = mock({ release: '2026.8.3', codes: 100, token: own.tokens().superuser! })
await latest.ready
const all = handlers(own)
const init = { headers: headersFor(own.tokens().superuser!) }
const url = 'http://localhost/api/v3/oauth2/authorization_codes/1/'
const { pathname } = new URL(url)
const answer = (of = own) =>
  of.answer({
    method: 'GET',
    path: pathname,
    query: '',
    header: (name) => (init.headers as Record<string, string>)[name],
    body: async () => '',
  })
const LATEST_ANEW = '`mock({ release: "2026.8.3" }).answer(call)`, anew'
const carriers = {
  '`mock().answer(call)`, anew': () => {
    own.clock.move(0)
    return answer()
  },
  [LATEST_ANEW]: () => {
    latest.clock.move(0)
    return answer(latest)
  },
  '`mock().answer(call)`, again': () => answer(),
  '`mock().fetch(request)`, again': () => own.fetch(new Request(url, init)),
  'MSW `getResponse(handlers, request)`, again': () => getResponse(all, new Request(url, init)),
}

const report: WorldReport = {
  worlds: worlds.map(({ codes, seed, anew, again, page, afterDelete }) => ({
    codes,
    seed,
    each: (seed * 1000) / codes,
    anew: median(anew),
    again: median(again),
    page: median(page),
    afterDelete: median(afterDelete),
  })),
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

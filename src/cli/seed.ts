/** `authentik-mock seed` prints a world, to look at, to change and to serve with `--world`. */
import { mock } from '../mock/mock.ts'
import { EPOCH } from '../store/clock.ts'
import { command } from './command.ts'
import { configOptions, instant } from './options.ts'
import { seedOptions } from './serve.ts'

/** The command `seed`. */
export const seed = command({
  name: 'seed',
  summary: 'print a world as JSON',
  isConfigured: true,
  // A world has what each release shows; what a release has no word for, it leaves out.
  absent: { release: 'The rows are those of every release. Give it where they are served: serve --release VERSION' },
  options: {
    ...seedOptions,
    now: { ...instant('the time that codes about to expire are counted from'), fallback: '2024-09-27T14:26:18.306Z' },
    ...configOptions,
  },
  async run({ seed: number = 1, codes = 20, now = new Date(EPOCH) }, { print }) {
    const seeded = mock({ seed: number, codes, now })
    await seeded.ready
    print(`${JSON.stringify(seeded.world, null, 2)}\n`)
  },
})

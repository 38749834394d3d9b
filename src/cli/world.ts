/** `authentik-mock world` checks a world and prints it whole, or prints what an editor completes worlds by. */
import { mock } from '../mock/mock.ts'
import { MockError } from '../store/mock-error.ts'
import { command } from './command.ts'
import { configOptions, flag, instant, path, pick, text, UsageError } from './options.ts'
import { seedOptions } from './serve.ts'
import { readWorldFile } from './world-file.ts'

/** The command `world`. */
export const world = command({
  name: 'world',
  summary: 'check a world, and print it whole',
  isConfigured: true,
  options: {
    world: { ...path('the world, in JSON or YAML, as `serve --world` takes it'), isObject: true },
    schema: flag('print the JSON Schema of worlds, for an editor, and nothing else'),
    release: { ...text('the authentik that it is a world of', 'VERSION'), fallback: '2024.8.3' },
    ...seedOptions,
    now: { ...instant('what times from now are counted from'), fallback: 'real time' },
    ...configOptions,
  },
  async run(values, { print, warn: log }) {
    if (values.schema) {
      const { toWorldSchema } = await import('./world-schema.ts')
      print(`${JSON.stringify(toWorldSchema(), null, 2)}\n`)
      return
    }
    const { world: file } = values
    if (file === undefined) throw new UsageError('world is called without a world. Give --world FILE, or --schema.')
    const content = typeof file === 'string' ? await readWorldFile('--world', file) : file
    try {
      const checked = mock({ world: content, log, ...pick(values, ['release', 'seed', 'codes', 'now']) })
      await checked.ready
      print(`${JSON.stringify(checked.world, null, 2)}\n`)
    } catch (error) {
      if (error instanceof MockError) throw new UsageError(error.message)
      throw error
    }
  },
})

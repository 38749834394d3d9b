#!/usr/bin/env node
/** The command line, on this process. */
import module from 'node:module'
import { styleText } from 'node:util'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(`authentik-mock: Node ${process.versions.node} is too old. Use Node 22.12 or newer.\n`)
  process.exit(2)
}

// Node keeps what it compiled in its folder for that, and starts sooner the next time: only what is imported after this.
module.enableCompileCache()
const { main } = await import('../cli/main.ts')

process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 70))

process.exitCode = await main(process.argv.slice(2), {
  print: (text) => process.stdout.write(text),
  warn: (message) => process.stderr.write(`authentik-mock: ${message}\n`),
  bold: (text) => styleText('bold', text, { stream: process.stdout }),
  ...(process.stderr.isTTY && {
    status: (line: string) => process.stderr.write(`\r\u001B[K${line.slice(0, process.stderr.columns - 1)}`),
  }),
  env: process.env,
  stopped: () =>
    new Promise((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
    }),
})

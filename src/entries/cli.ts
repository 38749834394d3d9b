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
// Deno has no such folder.
module.enableCompileCache?.()
const { main, createOutput } = await import('../cli/main.ts')

/** How much of what is said on standard error may wait for its reader, in bytes. */
const PATIENCE = 1024 * 1024
/** How long a program that was told to stop waits for the readers of its outputs, in milliseconds. */
const GRACE_PERIOD = 300

const errors = createOutput(process.stderr, { limit: PATIENCE })
const warn = (message: string) => errors.print(`authentik-mock: ${message}\n`)
const output = createOutput(process.stdout, {
  onFailure: (code) =>
    warn(`Failed to print: standard output cannot be written (${code}). Print into what has room and can be written.`),
})
let isStopped = false

const code = await main(process.argv.slice(2), {
  print: output.print,
  warn,
  bold: (text) => styleText('bold', text, { stream: process.stdout }),
  ...(process.stderr.isTTY && {
    status: (line: string) => errors.print(`\r\u001B[K${line.slice(0, process.stderr.columns - 1)}`),
  }),
  env: process.env,
  stopped: () =>
    new Promise((resolve) => {
      const stop = () => {
        isStopped = true
        resolve()
      }
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
    }),
})

if (isStopped) {
  // A reader that does not read would hold the process for as long as something is to be written.
  await Promise.race([
    Promise.all([output.settled(), errors.settled()]),
    new Promise((resolve) => setTimeout(resolve, GRACE_PERIOD)),
  ])
  process.exit(code)
}
await output.settled()
process.exitCode = output.hasFailed() ? code || 2 : code

/**
 * Is loaded before a server, and tells what the process has used whenever its parent asks. It is plain JavaScript, because
 * what Node needs to read TypeScript would count as memory of the server.
 */
import process from 'node:process'

process.on('message', (message) => {
  const resident = process.memoryUsage.rss()
  if (message === 'usage') {
    const { user, system } = process.cpuUsage()
    process.send?.({ cpu: user + system, resident })
  } else if (message === 'memory') {
    // Node has it when it was started with --expose-gc.
    globalThis.gc?.()
    process.send?.({ resident, live: process.memoryUsage().heapUsed })
  }
})
// The server ends as it would without this.
process.channel?.unref()

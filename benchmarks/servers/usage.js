/**
 * Is loaded before a server, and tells what the process has used whenever its parent asks. It is plain JavaScript, because
 * what Node needs to read TypeScript would count as memory of the server.
 */
import process from 'node:process'

process.on('message', (message) => {
  if (message !== 'usage') return
  const { user, system } = process.cpuUsage()
  process.send?.({ cpu: user + system, resident: process.memoryUsage.rss() })
})
// The server ends as it would without this.
process.channel?.unref()

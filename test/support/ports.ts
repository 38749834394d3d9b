/** Ports for what has to know one before it listens. */
import { createServer } from 'node:net'

/** Systems give a port above these to whoever asks for any, so that no server of another test comes to listen there. */
const [FIRST, COUNT] = [20_000, 10_000]

/** A port of this machine at which nothing listens, and nothing will by chance. */
export async function findPort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT)
    if (await isFree(port)) return port
  }
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer().on('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

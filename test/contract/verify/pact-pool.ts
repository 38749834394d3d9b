/**
 * Lets the verifications of this process share the processes of Pact, each of which takes longer to start than a contract
 * to verify. What ends in the middle of a verification is not shared again.
 */
import childProcess, { type ChildProcess, type Serializable, type SpawnOptions } from 'node:child_process'
import { EventEmitter } from 'node:events'

/** Processes that wait, by how they were started. */
const waiting = new Map<string, ChildProcess[]>()

/** A process of Pact, as long as a verification needs it. */
class Lease extends EventEmitter {
  #openCount = 0
  readonly #child: ChildProcess
  readonly #giveBack: () => void

  constructor(child: ChildProcess, giveBack: () => void) {
    super()
    this.#child = child
    this.#giveBack = giveBack
    child.on('message', this.#receive).on('exit', this.#end)
  }

  send(message: Serializable): boolean {
    this.#openCount++
    return this.#child.send(message)
  }

  kill(signal?: NodeJS.Signals): boolean {
    if (signal !== undefined || this.#openCount > 0) return this.#child.kill(signal)
    this.#child.off('message', this.#receive).off('exit', this.#end)
    this.#giveBack()
    return true
  }

  readonly #receive = (message: Serializable): void => {
    this.#openCount--
    this.emit('message', message)
  }

  readonly #end = (...reason: unknown[]): void => void this.emit('exit', ...reason)
}

const { spawn } = childProcess

function lease(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  if (!args.some((arg) => arg.includes('verifyPacts'))) return spawn(command, args, options)
  const start = JSON.stringify([command, args, options.env])
  const idle = waiting.get(start) ?? []
  waiting.set(start, idle)
  const child = idle.pop() ?? spawn(command, args, options)
  child.unref()
  child.channel?.unref()
  return new Lease(child, () => idle.push(child)) as unknown as ChildProcess
}

/** Shares the processes of Pact from here on. */
export const sharePact = () => void (childProcess.spawn = lease as typeof spawn)

/** The processes of this machine, as the system lists them. */
import { execFileSync, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { onTestFinished } from 'vitest'

/** A process of this machine. */
export interface Process {
  pid: number
  parent: number
  state: string
}

/** Lists the processes of this machine, without those that have ended and wait for their parent to notice. */
export function listProcesses(): Process[] {
  const isLinux = existsSync('/proc/self/stat')
  const rows = isLinux
    ? readdirSync('/proc').flatMap((pid) => {
        try {
          const [state = '', parent = ''] = readFileSync(`/proc/${Number(pid)}/stat`, 'utf8')
            .replace(/.*\) /, '')
            .split(' ')
          return [[pid, parent, state]]
        } catch {
          return []
        }
      })
    : execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' })
        .trim()
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
  return rows
    .map(([pid, parent, state = '']) => ({ pid: Number(pid), parent: Number(parent), state }))
    .filter(({ state }) => !state.startsWith('Z'))
}

/** Has a process end with the test that started it: a test that is out of time is left where it waits, and ends nothing. */
export function endWithTest<Started extends ChildProcess>(child: Started): Started {
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

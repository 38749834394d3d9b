/** `authentik-mock init` looks at a project, and shows or writes a first file for each door that fits it. */
import { lstatSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { command, Failure } from './command.ts'
import { codeOf, makeFolder } from './files.ts'
import { createPlan, type Plan, type PlannedFile } from './init/plan.ts'
import { readProject, type Project, type Tool } from './init/project.ts'
import { flag, text, UsageError } from './options.ts'

/** The command `init`. */
export const init = command({
  name: 'init',
  summary: 'show or write a first test for a project',
  options: {
    folder: text('the folder of the project (the current one)', 'DIR'),
    yes: flag('write what is shown; a file that is there stays as it is'),
    'dry-run': flag('show what would be written, and write nothing, as without --yes'),
  },
  async run({ folder, yes = false, 'dry-run': isDryRun = false }, { print, bold }) {
    if (yes && isDryRun) throw new UsageError('--dry-run has no effect with --yes. Leave one of them out.')
    const project = readProject(resolve(folder ?? '.'))
    const plan = createPlan(project)
    print(`${describe(project)}\n${plan.reason}\n\n`)
    const outcomes = plan.files.map((file) => (yes ? write : look)(project.folder, file))
    print(toTable(plan.files, outcomes))
    if (!yes) print(toContents(plan.files, outcomes, bold))
    print(toRemainder(plan, bold))
    if (!yes) print(`\nNothing is written yet. To write it: authentik-mock init --yes${toOption(folder)}\n`)
    const failures = outcomes.filter(({ isFailure }) => isFailure).length
    if (failures > 0)
      throw new Failure(
        2,
        `${failures} of ${outcomes.length} files could not be written. Mend that, and run init again.`,
      )
  },
})

/** What becomes of a file. */
interface Outcome {
  mark: '+' | '=' | '!'
  text: string
  isFailure?: boolean
}

const PRESENT: Outcome = { mark: '=', text: 'is there, and stays as it is' }
const ADDED: Outcome = { mark: '+', text: '' }

/** Tells what would become of a file. */
const look = (folder: string, { path }: PlannedFile): Outcome =>
  lstatSync(join(folder, path), { throwIfNoEntry: false }) ? PRESENT : ADDED

/** Writes a file where none is, nor a link. */
function write(folder: string, { path, content }: PlannedFile): Outcome {
  const target = join(folder, path)
  try {
    makeFolder(dirname(target))
    writeFileSync(target, content, { flag: 'wx' })
    return ADDED
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return PRESENT
    return { mark: '!', text: `cannot be written (${codeOf(error)})`, isFailure: true }
  }
}

/** The names of tools, as a sentence has them. */
const TITLES: Readonly<Record<Tool, string>> = {
  vite: 'Vite',
  next: 'Next',
  vitest: 'Vitest',
  jest: 'Jest',
  playwright: 'Playwright',
  storybook: 'Storybook',
  msw: 'MSW',
  angular: 'Angular',
  cypress: 'Cypress',
  nodeTest: 'the runner of Node',
}

function describe({ folder, hasManifest, tools, isTypeScript, isModule }: Project): string {
  if (!hasManifest) return `${folder} has no package.json`
  const titles = [...tools].map((tool) => TITLES[tool])
  const language = `${isTypeScript ? 'TypeScript' : 'JavaScript'}, ${isModule ? 'modules' : 'CommonJS'}`
  return `${folder}: ${[...titles, language].join(', ')}`
}

/** A line for each file: its mark, its path, and what it is for or what became of it. */
function toTable(files: readonly PlannedFile[], outcomes: readonly Outcome[]): string {
  const width = Math.max(...files.map(({ path }) => path.length)) + 2
  const lines = files.map(({ path, purpose }, index) => {
    const { mark = '+', text: state } = outcomes[index] ?? ADDED
    return `  ${mark} ${path.padEnd(width)}${state || purpose}\n`
  })
  return lines.join('')
}

/** What the files that are not there yet would have. */
function toContents(
  files: readonly PlannedFile[],
  outcomes: readonly Outcome[],
  bold: (text: string) => string,
): string {
  const added = files.filter((_, index) => outcomes[index] === ADDED)
  return added.map(({ path, content }) => `\n${bold(path)}\n\n${content.replace(/^(?=.)/gm, '    ')}`).join('')
}

/** What is left to do: commands, and what is done by hand. */
function toRemainder({ commands, notes }: Plan, bold: (text: string) => string): string {
  const lists = [
    { title: 'To run', lines: commands },
    { title: 'To do', lines: notes },
  ].filter(({ lines }) => lines.length > 0)
  return lists.map(({ title, lines }) => `\n${bold(title)}\n\n${lines.map((line) => `  ${line}\n`).join('')}`).join('')
}

const toOption = (folder: string | undefined) => (folder === undefined ? '' : ` --folder ${folder}`)

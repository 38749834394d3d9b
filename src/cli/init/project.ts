/** Looks at a project: which tools it has, how it is written, and which client of authentik is installed. */
import { existsSync, readdirSync, type Dirent } from 'node:fs'
import { dirname, join } from 'node:path'
import { codeOf, readTextFile, reasonOf } from '../files.ts'
import { messageOf, UsageError } from '../options.ts'

/** The tools that something can be written for, with the packages and the files that tell of each. */
const TOOLS = {
  vite: { packages: ['vite'], files: /^vite\.config\.[cm]?[jt]s$/ },
  next: { packages: ['next'], files: /^next\.config\.[cm]?[jt]s$/ },
  vitest: { packages: ['vitest'], files: /^vitest\.(config|workspace)\.[cm]?[jt]s$/, script: /\bvitest\b/ },
  jest: { packages: ['jest', 'ts-jest'], files: /^jest\.config\.([cm]?[jt]s|json)$/, script: /\bjest\b/ },
  playwright: { packages: ['@playwright/test'], files: /^playwright\.config\.[cm]?[jt]s$/ },
  storybook: { packages: ['storybook'], files: /^\.storybook$/ },
  msw: { packages: ['msw'] },
  angular: { packages: ['@angular/core'] },
  cypress: { packages: ['cypress'], files: /^cypress\.config\.[cm]?[jt]s$/ },
  nodeTest: { packages: [], script: /\bnode\b.* --test\b/ },
} satisfies Record<string, { packages: string[]; files?: RegExp; script?: RegExp }>

/** A tool that something can be written for. */
export type Tool = keyof typeof TOOLS

/** How packages are installed. */
export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun'

const LOCKS: readonly (readonly [file: string, manager: PackageManager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
]

/** What was seen of a project. */
export interface Project {
  folder: string
  hasManifest: boolean
  tools: ReadonlySet<Tool>
  /** The packages that package.json names, with their ranges. */
  packages: ReadonlyMap<string, string>
  isTypeScript: boolean
  /** Whether a `.js` file is a module. */
  isModule: boolean
  packageManager: PackageManager
  /** The files and folders at its top. */
  names: ReadonlySet<string>
  /** The folders with packages of a workspace whose root this is, as package.json has them. */
  workspaces: readonly string[]
  /** The folder of Playwright's tests, as its configuration says. */
  playwrightFolder: string | undefined
}

/** Looks at a folder. @throws UsageError for what is no folder, and for a package.json that cannot be read */
export function readProject(folder: string): Project {
  const entries = listFolder(folder)
  const names = new Set(entries.map(({ name }) => name))
  const manifest = names.has('package.json') ? readManifest(join(folder, 'package.json')) : undefined
  const packages = new Map(
    ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'].flatMap((key) =>
      Object.entries(toRecord(manifest?.[key])).map(([name, range]) => [name, String(range)] as const),
    ),
  )
  const scripts = Object.values(toRecord(manifest?.['scripts'])).map(String)
  return {
    folder,
    hasManifest: manifest !== undefined,
    tools: findTools(packages, names, scripts),
    packages,
    isTypeScript: names.has('tsconfig.json') || packages.has('typescript'),
    isModule: manifest?.['type'] === 'module',
    packageManager: findPackageManager(folder, manifest),
    names,
    workspaces: readWorkspaces(manifest, folder),
    playwrightFolder: readPlaywrightFolder(folder, names),
  }
}

/**
 * The version of a package that is installed, in this folder or in one above, as in a workspace.
 * @returns undefined where there is none
 */
export function findInstalled(folder: string, name: string): string | undefined {
  for (const parent of withParents(folder)) {
    const path = join(parent, 'node_modules', name, 'package.json')
    if (existsSync(path)) return String(readManifest(path)['version'])
  }
  return undefined
}

function listFolder(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    throw new UsageError(`--folder ${folder} cannot be read (${codeOf(error)}). Give the folder of a project.`)
  }
}

function readManifest(path: string): Record<string, unknown> {
  let content: string
  try {
    content = readTextFile(path)
  } catch (error) {
    throw new UsageError(`${path} cannot be read (${reasonOf(error)}). Make it readable, and run init again.`)
  }
  try {
    const manifest: unknown = JSON.parse(content)
    if (isRecord(manifest)) return manifest
  } catch (error) {
    throw new UsageError(`${path} is no JSON: ${messageOf(error)}. Mend it, and run init again.`)
  }
  throw new UsageError(`${path} holds no object. Write one with npm init, and run init again.`)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const toRecord = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {})

function findTools(
  packages: ReadonlyMap<string, string>,
  names: ReadonlySet<string>,
  scripts: readonly string[],
): ReadonlySet<Tool> {
  const tools = Object.entries(TOOLS as Record<string, { packages: string[]; files?: RegExp; script?: RegExp }>)
  const matches = tools.filter(
    ([, signs]) =>
      signs.packages.some((name) => packages.has(name)) ||
      [...names].some((name) => signs.files?.test(name)) ||
      scripts.some((script) => signs.script?.test(script)),
  )
  return new Set(matches.map(([name]) => name as Tool))
}

/** Finds it as the `packageManager` of package.json, or else by the lock file, in this folder or in one above. */
function findPackageManager(folder: string, manifest: Record<string, unknown> | undefined): PackageManager {
  const [, name] = /^(npm|pnpm|yarn|bun)@/.exec(String(manifest?.['packageManager'])) ?? []
  if (name !== undefined) return name as PackageManager
  for (const parent of withParents(folder))
    for (const [file, manager] of LOCKS) if (existsSync(join(parent, file))) return manager
  return 'npm'
}

/** A folder, and those above it. */
function withParents(folder: string): string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...withParents(parent)]
}

/** The packages of a workspace: `workspaces` of package.json in either form, or those of pnpm, which has a file for it. */
function readWorkspaces(manifest: Record<string, unknown> | undefined, folder: string): string[] {
  const { workspaces } = manifest ?? {}
  const globs = Array.isArray(workspaces) ? workspaces : toRecord(workspaces)['packages']
  if (Array.isArray(globs)) return globs.map(String)
  const path = join(folder, 'pnpm-workspace.yaml')
  if (!existsSync(path)) return []
  const [list = ''] = /^packages:\n(?:[ \t]*(?:-.*|#.*)?\n?)*/m.exec(readTextFile(path)) ?? []
  return [...list.matchAll(/^[ \t]*-[ \t]*['"]?([^'"#\n]+?)['"]?[ \t]*(?:#.*)?$/gm)].map(([, glob = '']) => glob)
}

/** What `testDir` says, where a configuration says it as a text. */
function readPlaywrightFolder(folder: string, names: ReadonlySet<string>): string | undefined {
  const config = [...names].find((name) => TOOLS.playwright.files.test(name))
  const [, path] =
    config === undefined ? [] : (/\btestDir:\s*['"`]([^'"`$]+)['"`]/.exec(readConfig(folder, config)) ?? [])
  return path?.replace(/^\.\//, '').replace(/\/$/, '') || undefined
}

/** The text of a configuration; nothing where it cannot be read, because only its own tool needs it. */
function readConfig(folder: string, name: string): string {
  try {
    return readTextFile(join(folder, name))
  } catch {
    return ''
  }
}

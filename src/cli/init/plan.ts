/** Decides what `authentik-mock init` writes into a project, and what is left for its owner to do. */
import { compareVersions, DEFAULT_RELEASE, findRelease, versions } from '../../authentik/releases/index.ts'
import { MockError } from '../../store/mock-error.ts'
import { findInstalled, type PackageManager, type Project } from './project.ts'
import * as templates from './templates.ts'
import type { TemplateOptions } from './templates.ts'

/** A file that is to be written. */
export interface PlannedFile {
  /** Below the folder of the project, with slashes. */
  path: string
  /** What it is for, in a few words. */
  purpose: string
  content: string
}

/** What is to be done in a project. */
export interface Plan {
  /** Why the release is the one that it is: a sentence. */
  reason: string
  files: readonly PlannedFile[]
  /** What has to be run in a shell, in this order. */
  commands: readonly string[]
  /** What has to be done by hand: sentences. */
  notes: readonly string[]
}

const CLIENT = '@goauthentik/api'
/** The package is not published yet. */
const TARBALL = './authentik-mock-0.1.0.tgz'

/** How each package manager adds packages for development, and runs a command that one of them has. */
const MANAGERS: Readonly<Record<PackageManager, { add: string; run: string }>> = {
  npm: { add: 'npm i -D', run: 'npx' },
  pnpm: { add: 'pnpm add -D', run: 'pnpm exec' },
  yarn: { add: 'yarn add -D', run: 'yarn' },
  bun: { add: 'bun add -d', run: 'bunx' },
}

/** What a door adds to a plan. */
interface Door {
  files?: PlannedFile[]
  /** Packages that it takes beside this one. */
  packages?: string[]
  commands?: string[]
  notes?: string[]
}

/** Decides what is to be done. */
export function createPlan(project: Project): Plan {
  const { release, reason } = chooseRelease(project)
  const options: TemplateOptions = {
    release,
    isTypeScript: project.isTypeScript,
    hasImports: project.isModule || project.isTypeScript,
    isMsw2: findMajor(project, 'msw') === '2',
  }
  const doors = project.hasManifest ? openDoors(project, options) : []
  const { run } = MANAGERS[project.packageManager]
  const config = { path: 'authentik-mock.config.json', purpose: `for ${run} authentik-mock serve` }
  return {
    reason,
    files: [...doors.flatMap(({ files = [] }) => files), { ...config, content: templates.config(options) }],
    commands: [...toInstallations(project, doors), ...doors.flatMap(({ commands = [] }) => commands)],
    notes: [...toRemarks(project), ...doors.flatMap(({ notes = [] }) => notes)],
  }
}

/** The release that goes with the client which is installed, or which package.json names. */
function chooseRelease({ folder, packages }: Project): { release: string; reason: string } {
  const range = packages.get(CLIENT)
  const version = findInstalled(folder, CLIENT) ?? /\d{4}\.\d+(\.\d+)?(-\d+)?/.exec(range ?? '')?.[0]
  if (version === undefined)
    return {
      release: DEFAULT_RELEASE,
      reason: `No ${CLIENT} is here, so the release is ${DEFAULT_RELEASE}. Give that of your server in its place.`,
    }
  for (const name of [version, version.split('.').slice(0, 2).join('.')])
    try {
      const release = findRelease(name).version
      const how = name === version ? 'goes with' : 'has no release of its own here; the last of its line is'
      return { release, reason: `${CLIENT} ${version} ${how} the release ${release}.` }
    } catch (error) {
      if (!(error instanceof MockError)) throw error
    }
  const newest = versions.at(-1) ?? DEFAULT_RELEASE
  const release = compareVersions(version.replace(/-.*/, ''), newest) > 0 ? newest : (versions[0] ?? DEFAULT_RELEASE)
  return { release, reason: `${CLIENT} ${version} is of no release that is known here. The nearest is ${release}.` }
}

/** The major version of a package: of that which is installed, or else the first number of its range. */
function findMajor({ folder, packages }: Project, name: string): string | undefined {
  return /\d+/.exec(findInstalled(folder, name) ?? packages.get(name) ?? '')?.[0]
}

/** Every door that fits the project. */
function openDoors(project: Project, options: TemplateOptions): Door[] {
  const { tools } = project
  const isPage = (tools.has('vite') || tools.has('angular')) && !tools.has('next')
  const hasRunner = (['vitest', 'jest', 'angular'] as const).some((tool) => tools.has(tool))
  const isApplication = (['vite', 'next', 'storybook', 'playwright', 'cypress'] as const).some((tool) =>
    tools.has(tool),
  )
  return [
    ...(tools.has('vitest') ? [openVitest(project, options)] : []),
    ...(tools.has('jest') ? [openJest(project, options)] : []),
    ...(!hasRunner && (tools.has('nodeTest') || !isApplication) ? [openNodeTest(project, options)] : []),
    ...(tools.has('playwright') ? [openPlaywright(project, options)] : []),
    ...(tools.has('next') ? [openNext(project, options)] : []),
    ...(isPage ? [openPage(project, options)] : []),
    ...(tools.has('storybook') ? [openStorybook(project, options)] : []),
    ...(['angular', 'cypress'] as const).flatMap((tool) => (tools.has(tool) ? [refer(tool)] : [])),
  ]
}

function openVitest(project: Project, options: TemplateOptions): Door {
  const path = inTests(project, `authentik.test.${options.isTypeScript ? 'ts' : 'js'}`)
  return {
    files: [{ path, purpose: 'a first test with Vitest', content: templates.vitestTest(options) }],
    packages: ['msw'],
    commands: [`${MANAGERS[project.packageManager].run} vitest run ${path}`],
  }
}

function openJest(project: Project, options: TemplateOptions): Door {
  if (project.tools.has('vitest'))
    return { notes: ['Jest is here beside Vitest, which has the test. docs/doors/jest.md of the package has Jest.'] }
  const { packages, tools, isModule } = project
  const readsTypeScript =
    options.isTypeScript &&
    (tools.has('next') || ['ts-jest', '@swc/jest', '@babel/preset-typescript'].some((name) => packages.has(name)))
  const content = templates.jestTest({
    ...options,
    isTypeScript: readsTypeScript,
    hasImports: readsTypeScript || isModule,
  })
  const path = inTests(project, `authentik.test.${readsTypeScript ? 'ts' : 'js'}`)
  const { run } = MANAGERS[project.packageManager]
  return {
    files: [{ path, purpose: 'a first test with Jest', content }],
    commands: [isModule ? `NODE_OPTIONS=--experimental-vm-modules ${run} jest ${path}` : `${run} jest ${path}`],
  }
}

function openNodeTest(project: Project, options: TemplateOptions): Door {
  const path = inTests(project, 'authentik.test.js')
  const content = templates.nodeTest({ ...options, hasImports: project.isModule })
  return {
    files: [{ path, purpose: 'a first test with the runner of Node', content }],
    commands: [`node --test ${path}`],
  }
}

function openPlaywright(project: Project, options: TemplateOptions): Door {
  const { run } = MANAGERS[project.packageManager]
  const path = `${findPlaywrightFolder(project)}/authentik.spec.${options.isTypeScript ? 'ts' : 'js'}`.replace('./', '')
  return {
    files: [{ path, purpose: 'a first test with Playwright', content: templates.playwrightTest(options) }],
    commands: [`${run} playwright test ${path}`],
    notes: [
      `In playwright.config, webServer: [authentikWebServer({ args: ['--release', '${options.release}'] })], imported from authentik-mock/playwright, starts one server for the run. Without it each worker starts its own.`,
      ...(project.tools.has('vitest')
        ? [`Vitest takes files called .spec too: exclude '${path}' in its configuration, unless it does already.`]
        : []),
    ],
  }
}

const findPlaywrightFolder = ({ playwrightFolder, names }: Project): string =>
  playwrightFolder ?? ['e2e', 'tests'].find((name) => names.has(name)) ?? 'e2e'

function openNext(project: Project, options: TemplateOptions): Door {
  const base = project.names.has('src') ? 'src/' : ''
  const extension = options.isTypeScript ? 'ts' : 'js'
  return {
    files: [
      {
        path: `${base}mocks/authentik.${extension}`,
        purpose: 'starts the mock in the server of Next',
        content: templates.serverMock(options),
      },
      {
        path: `${base}instrumentation.${extension}`,
        purpose: 'has Next start it',
        content: templates.nextInstrumentation(options),
      },
    ],
    packages: ['msw'],
    commands: [`AUTHENTIK=mock ${MANAGERS[project.packageManager].run} next dev`],
  }
}

function openPage(project: Project, options: TemplateOptions): Door {
  const path = `src/mocks/authentik.${options.isTypeScript ? 'ts' : 'js'}`
  const start = `(await import('./mocks/authentik${options.isTypeScript ? '' : '.js'}')).startMock()`
  return {
    files: [{ path, purpose: 'starts the mock in a page', content: templates.pageMock(options) }],
    packages: ['msw'],
    commands: [`${MANAGERS[project.packageManager].run} msw init public --no-save`],
    notes: [
      project.tools.has('angular')
        ? `In main.ts, before bootstrapApplication: if (ngDevMode) await ${start}, with declare const ngDevMode: unknown.`
        : `At the top of the page's first module: if (import.meta.env.DEV) await ${start}. What fetches as it is loaded comes by import() after it.`,
    ],
  }
}

function openStorybook(project: Project, options: TemplateOptions): Door {
  const path = `.storybook/authentik.${options.isTypeScript ? 'ts' : 'js'}`
  return {
    files: [{ path, purpose: 'gives each story a mock', content: templates.storybookLoader(options) }],
    packages: ['msw'],
    commands:
      project.tools.has('vite') || project.tools.has('angular')
        ? []
        : [`${MANAGERS[project.packageManager].run} msw init public --no-save`],
    notes: [
      `In .storybook/preview: loaders: [loadMock], imported from './authentik'. In .storybook/main: staticDirs: ['../public'].`,
    ],
  }
}

const refer = (name: string): Door => ({ notes: [`docs/doors/${name}.md of the package has a door for it.`] })

/** Where tests stand: in a folder for them that is not Playwright's, beside the source, or at the top. */
function inTests(project: Project, name: string): string {
  const { names, tools } = project
  const folders = ['test', 'tests', '__tests__', 'src'].filter(
    (folder) => !tools.has('playwright') || folder !== findPlaywrightFolder(project),
  )
  const folder = folders.find((candidate) => names.has(candidate))
  return folder === undefined ? name : `${folder}/${name}`
}

/** One command that adds what is not there yet, in one line. */
function toInstallations({ packages, packageManager, hasManifest }: Project, doors: readonly Door[]): string[] {
  if (!hasManifest) return []
  const specifiers = new Map([
    ['authentik-mock', TARBALL],
    ...doors.flatMap((door) => door.packages ?? []).map(toEntry),
  ])
  const missing = [...specifiers].filter(([name]) => !packages.has(name)).map(([, specifier]) => specifier)
  return missing.length > 0 ? [`${MANAGERS[packageManager].add} ${missing.join(' ')}`] : []
}

/** A package beside this one, of the version that is tried with it. */
const toEntry = (name: string): [name: string, specifier: string] => [name, name === 'msw' ? 'msw@3' : name]

function toRemarks({ hasManifest, packages, workspaces, folder }: Project): string[] {
  if (!hasManifest)
    return [
      `There is no package.json in ${folder}. For tests in JavaScript write one first, npm init -y && npm pkg set type=module, and run init again. From another language ask authentik-mock serve.`,
    ]
  const isMissing = !packages.has('authentik-mock')
  return [
    ...(isMissing
      ? [`The package is not published yet: npm ci && npm pack in a clone of it makes ${TARBALL.slice(2)}.`]
      : []),
    ...(workspaces.length > 0
      ? [`This is the root of a workspace (${workspaces.join(', ')}). For one of its packages: init --folder FOLDER.`]
      : []),
  ]
}

/** Files of the repository, from any working directory. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The folder of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** The absolute path of a file of the repository. */
export const inRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** @param path below the folder of the repository */
export const readText = (path: string) => readFileSync(inRoot(path), 'utf8')

/** @param path below the folder of the repository */
export const readJson = (path: string): any => JSON.parse(readText(path))

/** The JSON values of a file that has one in each line. */
export const readLines = (path: string): any[] =>
  readText(path)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

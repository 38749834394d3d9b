/** Which paths are most like one that nobody has. */
import { describe, expect, it } from 'vitest'
import { createNearest } from '../../src/rest/nearest.ts'

const PREFIX = '/api/v3'

/** The nearest of some paths below the prefix. */
const nearestTo = (path: string, paths: readonly string[]) =>
  createNearest(
    paths.map((candidate) => PREFIX + candidate),
    PREFIX,
  )(PREFIX + path, 1)[0]?.path.slice(PREFIX.length)

describe('the nearest path', () => {
  it.each([
    ['two letters exchanged are one slip', '/abcd/', ['/abxy/', '/abdc/'], '/abdc/'],
    ['a letter less is one slip', '/core/user/', ['/core/user_consent/', '/core/users/'], '/core/users/'],
    ['a parameter stands for any segment', '/users/7/', ['/users/me/', '/users/{id}/'], '/users/{id}/'],
    ['the same word goes before a parameter', '/users/me/', ['/users/{id}/', '/users/me/'], '/users/me/'],
    ['a segment that lacks costs most', '/core/users/', ['/core/x/users/', '/core/userz/'], '/core/userz/'],
  ])('is told by whole segments: %s', (_title, path, paths, expected) => {
    expect(nearestTo(path, paths)).toBe(expected)
  })

  it('is as unlike as what differs of it, below the prefix that all have', () => {
    const find = createNearest([`${PREFIX}/schema/`], PREFIX)
    expect(find(`${PREFIX}/schema/`, 1)).toEqual([{ path: `${PREFIX}/schema/`, unlikeness: 0 }])
    expect(find(`${PREFIX}/zzz/`, 1)[0]?.unlikeness).toBe(1)
  })
})

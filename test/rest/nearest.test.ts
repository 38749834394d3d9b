/** Which paths are most like one that nobody has. */
import { describe, expect, it } from 'vitest'
import { createNearest, sortByPlace } from '../../src/rest/nearest.ts'

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

describe('the paths beside a route', () => {
  const sort = (route: string, paths: readonly string[], withMethod: readonly string[] = []) =>
    sortByPlace(
      route,
      paths.map((path) => ({ path, unlikeness: 0 })),
      { shared: '', hasMethod: (path) => withMethod.includes(path) },
    ).map(({ path }) => path)

  it('are first those that begin as it does for longest, and none that begins otherwise', () => {
    expect(sort('/a/b/c/', ['/x/b/c/', '/a/x/c/', '/a/b/'])).toEqual(['/a/b/', '/a/x/c/'])
    expect(sort('/a/{id}/c/', ['/a/c/', '/a/{pk}/'])).toEqual(['/a/{pk}/', '/a/c/'])
  })

  it('are of these first those that end as it does: with its word, or with a parameter too', () => {
    expect(sort('/a/b/{id}/used_by/', ['/a/{id}/', '/a/{id}/x/', '/a/c/used_by/'])).toEqual([
      '/a/c/used_by/',
      '/a/{id}/x/',
      '/a/{id}/',
    ])
    expect(sort('/a/b/{id}/', ['/a/c/', '/a/{id}/'])).toEqual(['/a/{id}/', '/a/c/'])
  })

  it('are of these first those with parameters at its places, then those that have the method', () => {
    expect(sort('/a/b/{id}/', ['/a/{id}/', '/a/c/{id}/'])).toEqual(['/a/c/{id}/', '/a/{id}/'])
    expect(sort('/a/b/{id}/', ['/a/c/{id}/', '/a/d/{id}/'], ['/a/d/{id}/'])).toEqual(['/a/d/{id}/', '/a/c/{id}/'])
  })

  it('are as alike as their letters where none begins as the route does', () => {
    expect(sort('/a/b/', ['/x/y/', '/x/'])).toEqual(['/x/y/', '/x/'])
  })
})

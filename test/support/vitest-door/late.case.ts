/** Mocks that are set up when it is too late. */
import { setupAuthentikMock } from 'authentik-mock/vitest'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

describe('in beforeAll', () => {
  beforeAll(() => void setupAuthentikMock())

  it('is not run', () => {
    expect('this').toBe('not reached')
  })
})

describe('in beforeEach', () => {
  beforeEach(() => void setupAuthentikMock())

  it('a hook sets up a mock', () => {
    expect('this').toBe('not reached')
  })
})

const errors: unknown[] = []
describe('in afterAll', () => {
  afterAll(() => {
    try {
      setupAuthentikMock()
    } catch (error) {
      errors.push(error)
    }
  })

  it('is not yet over', () => {
    expect(errors).toEqual([])
  })
})

it('afterAll was refused a mock', () => {
  expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining('at the top level') })])
})

it('a test sets up a mock', async () => {
  await Promise.resolve()
  expect(setupAuthentikMock()).toHaveNoWrites()
})

it('a test sets up a mock that cannot be', () => {
  expect(setupAuthentikMock({ release: 'none' as never })).toHaveNoWrites()
})

import { provideHttpClient } from '@angular/common/http'
import { TestBed } from '@angular/core/testing'
import { mock } from 'authentik-mock'
import { firstValueFrom } from 'rxjs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Codes } from './codes'

const authentik = mock({ token: 'my-token' })
vi.stubGlobal('fetch', authentik.fetch) // what HttpClient fetches, the mock answers
beforeEach(() => TestBed.configureTestingModule({ providers: [provideHttpClient()] }))
afterEach(() => authentik.reset())

test('a code is deleted', async () => {
  await firstValueFrom(TestBed.inject(Codes).delete(1))
  expect(authentik.world.authorization_codes.has(1)).toBe(false)
})

test('the next test has the world as it was', () => {
  expect(authentik.world.authorization_codes.has(1)).toBe(true)
})

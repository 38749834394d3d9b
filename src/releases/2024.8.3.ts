/** authentik 2024.8.3, the base: the resources as they are written. */
import type { Release } from '../core/release.ts'
import { operations } from '../resources/index.ts'

export const release: Release = { version: '2024.8.3', server: '/api/v3/', operations }

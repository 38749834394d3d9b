/** A brand knows the certificates that clients show. */
import { containingAny } from '../../rest/filters.ts'
import { inEach, placedAfter } from '../../schema/amend.ts'
import { list, optional, uuid } from '../../schema/words.ts'
import type { Brand } from '../resources/brands.ts'
import { first as previous } from './2025.4.ts'
import { changesSince, releaseLine } from './note.ts'

/** 2025.6.0. */
export const first = changesSince(previous, '2025.6.0', {
  management: () => ({
    components: inEach(['Brand', 'BrandRequest'], {
      client_certificates: placedAfter('web_certificate', optional(list(uuid()))),
    }),
    operations: {
      core_brands_list: {
        filters: {
          client_certificates: containingAny<Brand>({
            value: (row) => row.client_certificates,
            choices: [],
            target: 'certificates',
            schema: uuid(),
          }),
        },
      },
    },
  }),
})

/** 2025.6. */
export const line = releaseLine('2025.6', 4, first)

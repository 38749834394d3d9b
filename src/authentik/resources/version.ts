/** Which release a server is. */
import { operation } from '../../rest/operation.ts'
import { behaviourOf } from '../behaviour.ts'
import { boolean, component, readOnly, text } from '../../schema/words.ts'

const Version = component('Version', {
  version_current: readOnly(text()),
  version_latest: readOnly(text()),
  version_latest_valid: readOnly(boolean()),
  build_hash: readOnly(text()),
  outdated: readOnly(boolean()),
  outpost_outdated: readOnly(boolean()),
})

/** What can be asked of the release. */
export const operations = [
  operation({
    id: 'admin_version_retrieve',
    method: 'GET',
    view: { path: '/admin/version/', name: 'Version', description: 'Get running and latest version.', open: 'users' },
    tag: 'admin',
    summary: 'The release that runs; of the latest it knows nothing, like a server that cannot ask.',
    parameters: {},
    responses: { 200: Version },
    resolve: ({ release }) => ({
      version_current: release.version,
      version_latest: behaviourOf({ release }).versionIsLatest ? release.version : '0.0.0',
      version_latest_valid: behaviourOf({ release }).versionIsLatest,
      build_hash: '',
      outdated: false,
      outpost_outdated: false,
    }),
  }),
]

/** docs/deviations.md is what src/authentik/deviations.ts says. */
import { expect, it } from 'vitest'
import { EXCUSED, SENTENCES, WEAKNESSES } from '../../src/authentik/deviation-sentences.ts'
import { deviations, deviationsOf } from '../../src/authentik/deviations.ts'
import { findRelease } from '../../src/authentik/releases/index.ts'
import { inRoot } from '../support/files.ts'

it('the page of deviations is current', async () => {
  const lines = [
    '# Where authentik differs from its documentation',
    'Written from `src/authentik/deviations.ts` by `npm run update`. With `--fidelity observed` the mock answers with these differences, without it as documented.',
    ...deviations.map(
      ({ id, components }) =>
        `## ${id}\n\n${SENTENCES[id]}${components ? ` In every ${components.map((name) => `\`${name}\``).join(', ')}.` : ''}`,
    ),
    '## Weaknesses of the login',
    ...Object.entries(WEAKNESSES).map(([id, sentence]) => `- \`${id}\`: ${sentence}`),
    '## Recorded answers that are not given',
    ...EXCUSED.map(({ names, because }) => `- \`${names.source}\`: ${because}`),
  ]
  await expect(`${lines.join('\n\n')}\n`).toMatchFileSnapshot(inRoot('docs/deviations.md'))
})

it('each deviation has a sentence, and each sentence a deviation', () => {
  expect(Object.keys(SENTENCES)).toEqual(deviations.map(({ id }) => id))
})

it('a deviation holds in the releases that it was seen in', () => {
  expect(deviationsOf(findRelease('2024.8.4')).map(({ id }) => id)).toEqual([
    'anonymous-detail-404',
    'email-empty',
    'provider-obj-null',
    'user-agent-null',
    'user-settings-order',
    'client-ip-500',
    'certificate-file',
    'group-member-500',
    'icon-null',
    'provider-delete-500',
    'flags-of-licence',
    'icon-empty-object',
    'service-account-order',
    'impersonate-201',
    'setup-urls-unassigned',
    'recovery-refused-in-text',
    'assigned-application-null',
    'assigned-backchannel-absent',
  ])
  expect(deviationsOf(findRelease('2024.2.4')).map(({ id }) => id)).not.toContain('anonymous-detail-404')
  const absent = (release: string) =>
    deviationsOf(findRelease(release)).some(({ id }) => id === 'assigned-backchannel-absent')
  expect(['2025.6.4', '2025.8.5', '2025.10.3', '2025.12.1'].map(absent)).toEqual([true, true, true, true])
  expect(['2025.8.6', '2025.10.4', '2025.12.2', '2026.2.2'].map(absent)).toEqual([false, false, false, false])
})

/** A provider's application may be null, as it always was; it came to each line of releases at another patch. */
import { inEach } from '../../schema/amend.ts'
import { nullable, readOnly, text } from '../../schema/words.ts'

const name = readOnly(nullable(text()))

/** A provider's application may be null. */
export const assignedApplicationsMayBeNull = {
  components: inEach(['Provider', 'OAuth2Provider'], {
    assigned_application_slug: name,
    assigned_application_name: name,
    assigned_backchannel_application_slug: name,
    assigned_backchannel_application_name: name,
  }),
}

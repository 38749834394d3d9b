/** What `#inspector` is in the clone, where nothing is built: the page, bundled when somebody first asks for it. */
import { buildInspector } from './inspector.ts'

/** The page's script and its style sheet. */
export const { script, style } = await buildInspector()

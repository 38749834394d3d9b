/** The form of a slug, as it is documented. */
export const SLUG = '^[-a-zA-Z0-9_]+$'

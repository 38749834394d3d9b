/** Pages of the mock's own, in plain HTML. */

/** A text as it stands in HTML, in an attribute too. */
export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/**
 * A whole page.
 * @param title a text
 * @param body HTML, in which every text is escaped
 */
export const page = (title: string, body: string) => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(title)} - authentik-mock</title></head>
<body>${body}</body>
</html>
`

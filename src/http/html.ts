/** Pages of the mock's own, in plain HTML. */

/** A text as it stands in HTML, in an attribute too. */
export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/**
 * A whole page.
 * @param title a text
 * @param body HTML, in which every text is escaped
 * @param style CSS, which the policy of the page has to allow
 */
export const page = (title: string, body: string, style = '') => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(title)} - authentik-mock</title>${style && `<style>${style}</style>`}</head>
<body>${body}</body>
</html>
`

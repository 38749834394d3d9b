/** The page at `/-/mock/`: its shell, what it loads, and the form for whoever has no leave. */
import { MOCK_PATH } from '../authentik/pages.ts'
import { escapeHtml } from '../http/html.ts'
import { baseOf, type Call, type Header, type Reply } from '../http/message.ts'

/** How whoever asks stands. */
export interface InspectorState {
  /** Whether the request has the control token. */
  isAllowed: boolean
  /** What was wrong with the token that was entered. */
  fault?: string
}

/** Nothing from elsewhere, no script in the page itself, and no page around it. */
export const INSPECTOR_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * Answers on a decoded path that begins with `/-/mock/`: the page, its script, its style sheet, or in plain text that
 * nothing stands there. What the page loads is no secret, and needs no leave.
 * @param path below the base path, and below that of a namespace
 * @example await answerInspector(call, '/-/mock/', { isAllowed: true })
 */
export async function answerInspector(call: Call, path: string, state: InspectorState): Promise<Reply> {
  const { method } = call
  const isShell = path === MOCK_PATH
  if (!isShell && !LOADED.has(path)) return toReply(404, TEXT, `Nothing stands here. See ${baseOf(call)}${MOCK_PATH}\n`)
  // The form is sent to the page's own path; whoever takes it answers with the page when the token is wrong.
  const isRead = method === 'GET' || method === 'HEAD' || (isShell && method === 'POST' && !state.isAllowed)
  if (method === 'OPTIONS') return toReply(200, isShell ? HTML : TEXT, '', [['Allow', METHODS]])
  if (!isRead) return toReply(405, TEXT, `This is only read: ${METHODS}\n`, [['Allow', METHODS]])
  if (!isShell) return answerLoaded(path)
  if (state.isAllowed) return toReply(200, HTML, writeShell(baseOf(call)))
  return toReply(401, HTML, writeForm(baseOf(call), state.fault), [['WWW-Authenticate', 'Bearer realm="control"']])
}

const METHODS = 'GET, HEAD, OPTIONS'
const HTML = 'text/html; charset=utf-8'
const TEXT = 'text/plain; charset=utf-8'

const SCRIPT_PATH = `${MOCK_PATH}page/script.js`
const STYLE_PATH = `${MOCK_PATH}page/style.css`
const LOADED: ReadonlySet<string> = new Set([SCRIPT_PATH, STYLE_PATH])

async function answerLoaded(path: string): Promise<Reply> {
  const { script, style } = await import('#inspector')
  return path === SCRIPT_PATH
    ? toReply(200, 'text/javascript; charset=utf-8', script)
    : toReply(200, 'text/css; charset=utf-8', style)
}

const toReply = (status: number, type: string, body: string, headers: readonly Header[] = []): Reply => ({
  status,
  headers: [
    ['Content-Type', type],
    ['Content-Security-Policy', INSPECTOR_POLICY],
    ['Cache-Control', 'no-store'],
    ['X-Content-Type-Options', 'nosniff'],
    ['X-Frame-Options', 'DENY'],
    // Without any referrer a browser would send the form with the Origin `null`, which no server can believe.
    ['Referrer-Policy', 'same-origin'],
    ...headers,
  ],
  body,
})

const writePage = (base: string, head: string, body: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>authentik-mock</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${escapeHtml(base)}${STYLE_PATH}">
${head}</head>
<body>
${body}
</body>
</html>
`

/** The page as its script finds it. */
const writeShell = (base: string) =>
  writePage(
    base,
    `<script type="module" src="${escapeHtml(base)}${SCRIPT_PATH}"></script>\n`,
    `<div id="page"></div>
<noscript><main class="lone"><h1>authentik-mock</h1>
<p>This page needs JavaScript. Without it, the control API below <code>${escapeHtml(base)}${MOCK_PATH}api/</code>
says and does the same: its document is at
<a href="${escapeHtml(base)}${MOCK_PATH}api/schema/">${escapeHtml(base)}${MOCK_PATH}api/schema/</a>.</p></main></noscript>`,
  )

/** The form that asks for the token. It works without a script. */
const writeForm = (base: string, fault: string | undefined) =>
  writePage(
    base,
    '',
    `<main class="lone">
<h1>authentik-mock</h1>
<p>This page shows and controls a mock of authentik, and needs its control token. The command line prints a link with it
when it starts, and <code>--control-token</code> sets it.</p>
<form method="post" action="${escapeHtml(base)}${MOCK_PATH}">
${fault === undefined ? '' : `<p class="fault" role="alert" id="fault">${escapeHtml(fault)}</p>\n`}<label for="token">Control token</label>
<input id="token" name="token" type="password" autocomplete="off" spellcheck="false" required autofocus${fault === undefined ? '' : ' aria-invalid="true" aria-describedby="fault"'}>
<button class="main">Open</button>
</form>
</main>`,
  )

/** Says why the mock did not start, and what to do: without it the page could only stay empty. */

/** What went wrong, and what to do about it. */
export interface Failure {
  cause: string
  remedy: string
}

/** Finds out why the mock did not start. A browser's own message differs from browser to browser. */
export async function explainFailure(error: unknown): Promise<Failure> {
  if (!isSecureContext)
    return {
      cause: `Service workers need https or localhost, and this page came from ${location.origin}.`,
      remedy: `Open it as ${toLocalhost(location.href)} on the machine that serves it, or serve it over https.`,
    }
  if (!('serviceWorker' in navigator))
    return {
      cause: 'This browser has no service workers here. A private window or a setting may forbid them.',
      remedy: 'Open the page in an ordinary window, or in another browser.',
    }
  return (await explainScript()) ?? { cause: toText(error), remedy: 'The console of the browser says more.' }
}

/** Looks at what the server answers in place of the worker's script. */
async function explainScript(): Promise<Failure | undefined> {
  const path = `${import.meta.env.BASE_URL}mockServiceWorker.js`
  const script = await fetch(path).catch(() => undefined)
  const type = script?.headers.get('Content-Type') ?? 'no type'
  if (script?.ok && /javascript/.test(type)) return undefined
  return {
    cause: script?.ok ? `${path} is answered with ${type}, not with a script.` : `${path} is not there.`,
    remedy: 'Give Vite the plugin msw() of msw/vite, or write the file with: npx msw init public --no-save',
  }
}

function toLocalhost(href: string): string {
  const url = new URL(href)
  url.hostname = 'localhost'
  return url.href
}

/** The message of whatever was thrown. */
export const toText = (error: unknown) => (error instanceof Error ? error.message : String(error))

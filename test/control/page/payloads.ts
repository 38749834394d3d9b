/** Three hundred texts that a careless page would run, made of what stands around a script and how it is hidden. */

const MARK = 'window.isRun=1'

/** How a script is written where it stands. */
const SCRIPTS = [
  `<script>${MARK}</script>`,
  `<img src=x onerror="${MARK}">`,
  `<svg onload="${MARK}">`,
  `<svg><script>${MARK}</script></svg>`,
  `<iframe srcdoc="<script>parent.isRun=1</script>"></iframe>`,
  `<a href="javascript:${MARK}">press</a>`,
  `<input autofocus onfocus="${MARK}">`,
  `<details open ontoggle="${MARK}"></details>`,
  `<body onload="${MARK}">`,
  `<math><mtext><style><img src onerror="${MARK}"></style></mtext></math>`,
  `<object data="javascript:${MARK}"></object>`,
  `<form action="javascript:${MARK}"><button>press</button></form>`,
  `<style>@import 'javascript:${MARK}'</style>`,
  `<link rel=stylesheet href="javascript:${MARK}">`,
  `<video><source onerror="${MARK}"></video>`,
]

/** What would end the place where it stands. */
const AROUND: readonly (readonly [string, string])[] = [
  ['', ''],
  ['">', ''],
  ["'>", ''],
  ['</title>', ''],
  ['</textarea>', ''],
  ['</script>', ''],
  ['</style>', ''],
  ['-->', '<!--'],
  [']]>', ''],
  ['{{', '}}'],
]

/** How it is hidden. */
const DISGUISES: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.replace(/[a-z]/g, (sign, index: number) => (index % 2 ? sign.toUpperCase() : sign)),
]

/** All of them. */
export const payloads: readonly string[] = DISGUISES.flatMap((disguise) =>
  AROUND.flatMap(([start, end]) => SCRIPTS.map((script) => start + disguise(script).replace(/isrun/i, 'isRun') + end)),
)

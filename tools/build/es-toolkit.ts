/**
 * What dist/ has in place of es-toolkit/compat, with which @msw/data reads and writes values of relations and patches:
 * there are neither (`trim.ts`, `mutative.ts`).
 */
const nothing = (): undefined => undefined

export { nothing as get, nothing as set, nothing as unset }

/** The code that a page loads for a mock behind MSW, without MSW itself. */
export { mock } from 'authentik-mock'
export { handlers } from 'authentik-mock/msw'

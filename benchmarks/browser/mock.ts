/** What a page loads for a mock behind MSW, MSW left out. */
export { mock } from 'authentik-mock'
export { handlers } from 'authentik-mock/msw'

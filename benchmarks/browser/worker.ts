/** The code of MSW itself, as a page loads it. */
export { setupWorker } from 'msw/browser'

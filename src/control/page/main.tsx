/** Starts the page at `/-/mock/`. */
import { render } from 'preact'
import { App } from './app.tsx'
import { start } from './live.ts'

const root = document.querySelector('#page')
if (root) {
  start()
  render(<App />, root)
}

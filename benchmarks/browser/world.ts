/** The default world, as a page loads it to give it to a mock. */
export { world } from 'authentik-mock/fixtures'

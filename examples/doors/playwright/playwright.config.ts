import { defineConfig } from '@playwright/test'
import { authentikWebServer } from 'authentik-mock/playwright'

const app = { command: 'node server.js', url: 'http://localhost:4321', env: { PORT: '4321' } }
const webServer = [authentikWebServer({ port: 9010, cors: ['http://localhost:4321'] }), app]

export default defineConfig({ webServer, use: { baseURL: 'http://localhost:4321' } })

/** The base: the resource files as they are written, of which 2024.8.3 is the release that we were asked for. */
import type { Note } from './note.ts'

export const note: Note = { version: '2024.8.0', components: {}, operations: {} }

/** An OpenAPI document's operations, and what its references refer to. */
import type { Fragment } from '../../schema/words.ts'

/** An OpenAPI 3.0 document, as far as it is compared. */
export interface Document {
  info?: { version?: string }
  servers?: { url: string }[]
  paths: Record<string, Record<string, any> | null>
  components?: Record<string, Record<string, Fragment>>
}

export interface Stated {
  path: string
  method: string
  operation: any
  /** Those of its path, then its own. */
  parameters: any[]
}

/** The operations of a document by their operationId. Those that have none are left out. */
export function operationsOf({ paths }: Document): Map<string, Stated> {
  const found = new Map<string, Stated>()
  for (const [path, item] of Object.entries(paths))
    for (const [method, operation] of Object.entries(item ?? {}))
      if (operation?.operationId)
        found.set(String(operation.operationId), {
          path,
          method,
          operation,
          parameters: ([item!['parameters'], operation.parameters] as any[][]).flat(),
        })
  return found
}

/** What a description says, or what the `$ref` that it is refers to; {} when that is not there. */
export function deref(described: any, document: Document): any {
  const ref = described?.$ref as string | undefined
  if (ref === undefined) return described
  const [, , kind, name] = ref.split('/')
  return document.components?.[kind!]?.[name!] ?? {}
}

/** Compares the types of two schemas, their formats, and whether they allow null. */
import type { Position } from './position.ts'
import { describeType, type Shape } from './shape.ts'

/** Compares types and formats. @returns whether the values of both have something in common that can be compared */
export function compareTypes(oldShape: Shape, newShape: Shape, position: Position): boolean {
  const { baseline, candidate, record, subject, path, brokenByMore, brokenByLess } = position
  const [oldTypes, newTypes] = [oldShape.types, newShape.types]
  const isMore = !covers(oldTypes, newTypes)
  const isLess = !covers(newTypes, oldTypes)
  const hasCommon =
    !oldTypes || !newTypes || oldTypes.some((type) => covers(newTypes, [type]) || covers([type], newTypes))
  const [isMoreByFormat, isLessByFormat] = hasCommon
    ? [!coversFormat(oldShape.format, newShape.format), !coversFormat(newShape.format, oldShape.format)]
    : [true, true]
  if (isMore || isLess || oldShape.format !== newShape.format) {
    const breaks = [
      ...(isMore || isMoreByFormat ? brokenByMore : []),
      ...(isLess || isLessByFormat ? brokenByLess : []),
    ]
    const [oldNamed, newNamed] = [describeType(oldShape, baseline), describeType(newShape, candidate)]
    // A component that has become of another type is not told by its name.
    const [oldWords, newWords] =
      oldNamed === newNamed
        ? [
            describeType({ ...oldShape, name: undefined }, baseline),
            describeType({ ...newShape, name: undefined }, candidate),
          ]
        : [oldNamed, newNamed]
    record('retyped', subject, `is ${oldWords}, then ${newWords}`, breaks, path)
  } else if (oldShape.isTyped !== newShape.isTyped && oldTypes)
    record('retyped', subject, newShape.isTyped ? 'states its type now' : 'no longer states its type', [], path)
  return hasCommon && Boolean(oldTypes) === Boolean(newTypes)
}

/** Whether every value of the one types is of the others. An integer is a number too. */
function covers(types: readonly string[] | undefined, includedTypes: readonly string[] | undefined): boolean {
  if (!types) return true
  if (!includedTypes) return false
  return includedTypes.every((type) => types.includes(type) || (type === 'integer' && types.includes('number')))
}

/** Formats whose every value is of another format. */
const NARROWER: Readonly<Record<string, readonly string[]>> = {
  int32: ['int64'],
  float: ['double'],
  email: ['idn-email'],
  hostname: ['idn-hostname'],
  uri: ['uri-reference', 'iri', 'iri-reference'],
  'uri-reference': ['iri-reference'],
}

const coversFormat = (format: string | undefined, includedFormat: string | undefined) =>
  format === undefined || format === includedFormat || Boolean(NARROWER[includedFormat ?? '']?.includes(format))

/** Compares whether null is allowed. */
export function compareNull(oldShape: Shape, newShape: Shape, position: Position): void {
  const { record, subject, path, brokenByMore, brokenByLess } = position
  if (!oldShape.isNullable && newShape.isNullable) record('retyped', subject, 'can be null', brokenByMore, path)
  else if (oldShape.isNullable && !newShape.isNullable)
    record('retyped', subject, 'can no longer be null', brokenByLess, path)
  else if (oldShape.choices && newShape.choices && oldShape.listsNull !== newShape.listsNull)
    record('retyped', subject, `${newShape.listsNull ? 'lists' : 'no longer lists'} null among its values`, [], path)
}

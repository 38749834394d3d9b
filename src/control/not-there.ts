/** What a request to the control API names, and is not there. */

/** It becomes a 404. */
export class NotThere extends Error {
  override readonly name = 'NotThere'
}

/** @param subject such as `snapshot "1"` @param remedy where to see which there are */
export const notThere = (subject: string, remedy: string) =>
  new NotThere(`There is no ${subject}. See which there are: ${remedy}`)

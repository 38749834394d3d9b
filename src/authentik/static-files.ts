/** The files that authentik brings along, such as the picture of a user who has none. */
import { baseOf } from '../http/message.ts'
import type { Context } from '../rest/operation.ts'

/** The address of a picture: that of a file of authentik's own is below the base path. */
export const addressOfFile = (address: string, { call }: Pick<Context, 'call'>): string =>
  address.startsWith('/static/') ? baseOf(call) + address : address

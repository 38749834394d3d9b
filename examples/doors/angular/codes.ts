import { HttpClient } from '@angular/common/http'
import { inject, Injectable } from '@angular/core'

/** A service of an application, which knows nothing of the mock. */
@Injectable({ providedIn: 'root' })
export class Codes {
  readonly #http = inject(HttpClient)

  delete(id: number) {
    const headers = { Authorization: 'Bearer my-token' }
    return this.#http.delete(`https://authentik.company/api/v3/oauth2/authorization_codes/${id}/`, { headers })
  }
}

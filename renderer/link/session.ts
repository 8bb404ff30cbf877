// Who we are to the station: the printed address carries a one-time code in its fragment; it is exchanged for an
// HttpOnly cookie and taken out of the address at once, so that it is neither bookmarked nor shown over a shoulder.

/** The code of `#code=XXXX`, removed from the address; null when there is none. */
export function takeCode(location: Location, history: History): string | null {
  const fragment = new URLSearchParams(location.hash.slice(1))
  const code = fragment.get('code')
  if (code === null) return null
  fragment.delete('code')
  const rest = fragment.toString()
  history.replaceState(null, '', `${location.pathname}${location.search}${rest === '' ? '' : `#${rest}`}`)
  return code
}

/** Exchanges a one-time code for the session cookie. */
export async function exchangeCode(code: string): Promise<'ok' | 'refused' | 'unreachable'> {
  try {
    const answer = await fetch('/api/v1/session/exchange', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
      credentials: 'same-origin',
    })
    return answer.ok ? 'ok' : 'refused'
  } catch (error) {
    console.info('session exchange: station unreachable', error)
    return 'unreachable'
  }
}

/** Asked after a WebSocket could not be opened, because a browser does not tell why. */
export async function sessionState(): Promise<'known' | 'unknown' | 'unreachable'> {
  try {
    const answer = await fetch('/api/v1/station', { credentials: 'same-origin', cache: 'no-store' })
    if (answer.status === 401 || answer.status === 403) return 'unknown'
    return answer.ok ? 'known' : 'unreachable'
  } catch (error) {
    console.info('session check: station unreachable', error)
    return 'unreachable'
  }
}

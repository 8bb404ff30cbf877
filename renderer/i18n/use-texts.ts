// The words of the screens in the chosen language, with typed keys, and the texts that are looked up by a station's code.
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { AlarmView } from '../../shared/domain/onair.ts'
import type { TextKey } from './texts.ts'

export type Params = Readonly<Record<string, string | number>>

export interface Texts {
  t(key: TextKey, params?: Params): string
  /** What a refusal means and what to do. */
  failure(code: string, detail: Params): { readonly what: string; readonly todo: string }
  alarm(alarm: Pick<AlarmView, 'code' | 'params'>): { readonly what: string; readonly todo: string }
  /** A short reason by code; a reason that is already words is shown as it is. */
  reason(code: string): string
  readonly language: 'vi' | 'en'
}

export function useTexts(): Texts {
  const { t: translate, i18n } = useTranslation()
  const language = i18n.language === 'en' ? 'en' : 'vi'
  return useMemo(() => {
    // A word without parameters is looked up once: the library takes longer over it than the page over showing it.
    const plain = new Map<string, string>()
    const lookUp = (key: string, params?: Params) => {
      if (params !== undefined) return translate(key, params)
      const known = plain.get(key)
      if (known !== undefined) return known
      const words = translate(key)
      plain.set(key, words)
      return words
    }
    const rolesText = (list: string) => list.replaceAll(/\w+/g, (role) => (i18n.exists(`role.${role}`) ? lookUp(`role.${role}`) : role))
    const reason = (code: string) => (i18n.exists(`reasons.${code}`) ? lookUp(`reasons.${code}`) : code)
    return {
      t: lookUp,
      failure(code, detail) {
        const known = i18n.exists(`errors.${code}.what`) ? code : 'UNEXPECTED'
        const params = {
          at: '',
          key: '',
          ...detail,
          ...(detail['roles'] === undefined ? {} : { roles: rolesText(String(detail['roles'])) }),
        }
        return { what: lookUp(`errors.${known}.what`, params).replace(/\s+$/, ''), todo: lookUp(`errors.${known}.todo`, params) }
      },
      alarm({ code, params }) {
        const known = i18n.exists(`alarms.${code}.what`) ? code : 'OTHER'
        const why = params['reason']
        const said = { ...params, code, ...(typeof why === 'string' ? { reason: reason(why) } : {}) }
        return { what: lookUp(`alarms.${known}.what`, said), todo: lookUp(`alarms.${known}.todo`, said) }
      },
      reason,
      language,
    } satisfies Texts
  }, [translate, i18n, language])
}

// Both languages put together, and the i18next instance over them.
import { createInstance, type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import * as enAlerts from './en/alerts.ts'
import * as enCommon from './en/common.ts'
import * as enOperator from './en/operator-texts.ts'
import * as enPeople from './en/people.ts'
import * as enReview from './en/review.ts'
import * as enScreens from './en/screens.ts'
import type { Leaves, Same } from './same.ts'
import * as viAlerts from './vi/alerts.ts'
import * as viCommon from './vi/common.ts'
import * as viOperator from './vi/operator-texts.ts'
import * as viPeople from './vi/people.ts'
import * as viReview from './vi/review.ts'
import * as viScreens from './vi/screens.ts'

export const vi = { ...viOperator, ...viCommon, ...viAlerts, ...viScreens, ...viReview, ...viPeople }
export const en: Same<typeof vi> = { ...enOperator, ...enCommon, ...enAlerts, ...enScreens, ...enReview, ...enPeople }

export type TextKey = Leaves<typeof vi>

/** Vietnamese first; a key is never shown in place of its text because both trees are complete (compiled and tested). */
export async function createTexts(language: 'vi' | 'en'): Promise<i18n> {
  const instance = createInstance()
  await instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'vi',
    resources: { vi: { translation: vi }, en: { translation: en } },
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  return instance
}

// Both languages put together, and the i18next instance over them.
import { createInstance, type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import * as enAlerts from './en/alerts.ts'
import * as enCommon from './en/common.ts'
import * as enOperator from './en/operator-texts.ts'
import * as enPeople from './en/people.ts'
import * as enReview from './en/review.ts'
import * as enDesk from './en/desk.ts'
import * as enSchedule from './en/schedule.ts'
import * as enLibrary from './en/library.ts'
import * as enDevices from './en/devices.ts'
import * as enLogbook from './en/logbook.ts'
import * as enSettings from './en/settings.ts'
import type { Leaves, Same } from './same.ts'
import * as viAlerts from './vi/alerts.ts'
import * as viCommon from './vi/common.ts'
import * as viOperator from './vi/operator-texts.ts'
import * as viPeople from './vi/people.ts'
import * as viReview from './vi/review.ts'
import * as viDesk from './vi/desk.ts'
import * as viSchedule from './vi/schedule.ts'
import * as viLibrary from './vi/library.ts'
import * as viDevices from './vi/devices.ts'
import * as viLogbook from './vi/logbook.ts'
import * as viSettings from './vi/settings.ts'

export const vi = {
  ...viOperator,
  ...viCommon,
  ...viAlerts,
  ...viDesk,
  ...viSchedule,
  ...viLibrary,
  ...viDevices,
  ...viLogbook,
  ...viSettings,
  ...viReview,
  ...viPeople,
}
export const en: Same<typeof vi> = {
  ...enOperator,
  ...enCommon,
  ...enAlerts,
  ...enDesk,
  ...enSchedule,
  ...enLibrary,
  ...enDevices,
  ...enLogbook,
  ...enSettings,
  ...enReview,
  ...enPeople,
}

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

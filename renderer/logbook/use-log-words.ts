// The words of logbook rows: kinds, actors and the names of values; what has no word is shown as it was written.
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { LogKind } from '../../shared/domain/logbook.ts'
import type { RowWords } from './row-format.ts'

export interface LogWords extends RowWords {
  kind(kind: LogKind): string
  actor(actor: string): string
}

export function useLogWords(): LogWords {
  const { t, i18n } = useTranslation()
  return useMemo(() => {
    const orSame = (key: string, same: string) => (i18n.exists(key) ? t(key) : same)
    return {
      kind: (kind) => orSame(`logKind.${kind.replace('.', '_')}`, kind),
      name: (key) => orSame(`logName.${key}`, key),
      value: (value) => orSame(`logValue.${value}`, orSame(`reasons.${value}`, value)),
      actor: (actor) => orSame(`logActor.${actor}`, actor),
    }
  }, [t, i18n])
}

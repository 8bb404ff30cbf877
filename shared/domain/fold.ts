// Vietnamese text folded for searching, the same in the screens and in the store's index. Loads nothing: store workers use it.

/** Folded form: lower case, no marks, d for đ (which does not decompose), single spaces. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
}
